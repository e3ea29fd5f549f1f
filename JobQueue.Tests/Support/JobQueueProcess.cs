using System.Diagnostics;

namespace JobQueue.Tests.Support;

/// <summary>The program as a process of its own, in a folder of its own.</summary>
internal static class JobQueueProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Runs it until it ends by itself.</summary>
    /// <param name="environment">Names and values, such as <c>Workers__Count=4</c>.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string folder, IEnumerable<string> arguments, string? input = null, params string[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "JobQueue.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in environment)
            start.Environment[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
