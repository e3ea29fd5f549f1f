using System.Security.Cryptography;

namespace JobQueue.Jobs.Leases;

/// <summary>This run of the program: what its own workers hold is lost with it.</summary>
/// <param name="Name">Host, number of the process, and something that no other run has. Shown to people.</param>
public sealed record ServerProcess(string Name)
{
    private const int Digits = 6;

    /// <summary>
    /// The process that calls this. In a container the host's name and the number are often those of the run before, hence the
    /// random part.
    /// </summary>
    public static ServerProcess New() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(Digits, lowercase: true)}");
}
