namespace JobQueue.Access.Users;

/// <summary>What a person may do on the pages.</summary>
internal static class Roles
{
    /// <summary>Submits, sees the jobs of the tenant, cancels those submitted by the same person.</summary>
    public const string Member = "member";

    /// <summary>Also requeues, discards, cancels, pauses and makes tokens in the tenant.</summary>
    public const string Operator = "operator";

    /// <summary>Sees every tenant; manages tenants, users and settings.</summary>
    public const string Administrator = "administrator";

    public static IReadOnlyList<string> All { get; } = [Member, Operator, Administrator];
}
