namespace JobQueue.Access.Users;

/// <summary>What to change about a user; absent fields stay.</summary>
internal sealed record UserChanges(string? Role = null, string? Tenant = null, string? Password = null, bool? Disabled = null);
