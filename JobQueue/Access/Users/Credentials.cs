namespace JobQueue.Access.Users;

/// <summary>What a try to sign in is held against.</summary>
internal sealed record Credentials(User User, string PasswordHash);
