namespace JobQueue.Access.Users;

/// <summary>What a person may do on the pages.</summary>
internal static class Roles
{
    /// <summary>Submits, sees his tenant's jobs, cancels his own.</summary>
    public const string Member = "member";

    /// <summary>Also requeues, discards, cancels, pauses and makes tokens in his tenant.</summary>
    public const string Operator = "operator";

    /// <summary>Sees every tenant; manages tenants, users and settings.</summary>
    public const string Administrator = "administrator";

    public static IReadOnlyList<string> All { get; } = [Member, Operator, Administrator];
}
