using System.Diagnostics;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>Kills the process without a goodbye, as a power cut would. For the demo alone.</summary>
internal sealed class CrashHandler : IJobHandler
{
    public static string Type => "crash";

    public static HandlerDescription Description { get; } = new(
        "Kills the server process at once, to show what a restart recovers (demo only).", "{}", "{}");

    public Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
        return new TaskCompletionSource<ReadOnlyMemory<byte>?>().Task; // The signal may take a moment: nothing ends until it is here.
    }
}
