namespace JobQueue.Commands;

/// <summary>What several verbs check and say alike.</summary>
internal static class CommandRules
{
    private const int MaxTenantNameLength = 100;

    /// <summary>Who did it, for the audit log.</summary>
    public const string Actor = "command";

    /// <exception cref="WrongUsageException">No tenant can have this name.</exception>
    public static void CheckTenant(string name)
    {
        if (name.Length is 0 or > MaxTenantNameLength || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            throw new WrongUsageException($"--tenant takes 1 to {MaxTenantNameLength} letters, digits and . _ -");
    }
}
