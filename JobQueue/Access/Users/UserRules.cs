namespace JobQueue.Access.Users;

/// <summary>What a user may be called and which passwords are taken. Pure; each answers a sentence, or null when all is well.</summary>
internal static class UserRules
{
    public const int MaxNameLength = 100;
    public const int MinPasswordLength = 8;

    /// <summary>Keeps the cost of hashing what a stranger sends bounded.</summary>
    public const int MaxPasswordLength = 200;

    public static string? NameError(string? name) => name switch
    {
        null or "" => "Enter a user name.",
        { Length: > MaxNameLength } => $"A user name has at most {MaxNameLength} characters.",
        _ when !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@') =>
            "A user name consists of letters, digits and . _ - @.",
        _ => null,
    };

    public static string? PasswordError(string? password) => password switch
    {
        null or "" => "Enter a password.",
        { Length: < MinPasswordLength } => $"A password has at least {MinPasswordLength} characters.",
        { Length: > MaxPasswordLength } => $"A password has at most {MaxPasswordLength} characters.",
        _ => null,
    };

    public static string? RoleError(string? role) =>
        role is not null && Roles.All.Contains(role) ? null : $"A role is one of {string.Join(", ", Roles.All)}.";
}
