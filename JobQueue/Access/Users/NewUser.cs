namespace JobQueue.Access.Users;

/// <summary>An account to be made, and its tenant when that is missing.</summary>
/// <param name="Demo">Void outside the demo.</param>
internal sealed record NewUser(string Name, string Password, string Role, string Tenant, bool Demo);
