using System.Diagnostics;
using JobQueue.Jobs.Model;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>Kills the process without a goodbye, as a power cut would. For the demo alone.</summary>
internal sealed class CrashHandler : IJobHandler<RawJson>
{
    public static string Type => "crash";

    public static string Summary => "Kills the server process at once, to show what a restart recovers (demo only).";

    public static RawJson Example => new("{}"u8.ToArray());

    public static string? Unavailable(IConfiguration configuration) => "it is for a demo's own process alone";

    public Task<object?> RunAsync(RawJson payload, JobContext context, CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
        return new TaskCompletionSource<object?>().Task; // The signal may take a moment: nothing ends until it is here.
    }
}
