namespace JobQueue.Access.Tokens;

/// <summary>What a new token may be called and hold. Each answers what is wrong ("must …"), or null when all is well.</summary>
internal static class TokenRules
{
    public const int MaxNameLength = 100;
    public const int MaxExpiresDays = 36_500;

    public static string? NameError(string name) => name switch
    {
        { Length: 0 or > MaxNameLength } => $"must have 1 to {MaxNameLength} characters.",
        _ when name.Any(char.IsControl) => "must not contain control characters.",
        _ => null,
    };

    public static string? ScopesError(IReadOnlyCollection<string> scopes) =>
        scopes.Count > 0 && scopes.All(Scopes.IsKnown) ? null : $"must hold one or more of {string.Join(", ", Scopes.All)}.";

    public static string? ExpiresDaysError(int days) =>
        days is >= 1 and <= MaxExpiresDays ? null : $"must be a whole number from 1 to {MaxExpiresDays}.";
}
