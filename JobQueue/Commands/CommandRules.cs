using JobQueue.Jobs.Model;

namespace JobQueue.Commands;

/// <summary>What several verbs check and say alike.</summary>
internal static class CommandRules
{
    /// <summary>Who did it, for the audit log.</summary>
    public const string Actor = "command";

    /// <exception cref="WrongUsageException">No tenant can have this name.</exception>
    public static void CheckTenant(string name)
    {
        if (Names.Error(name) is { } error)
            throw new WrongUsageException($"--tenant {error}");
    }
}
