using System.Runtime.InteropServices;

namespace JobQueue.Commands;

/// <summary>What the program does without a verb.</summary>
internal static class Serve
{
    /// <summary>
    /// Serves until told to stop. Answers 0, also when that is told in the middle of the start, or what a part that had to stop
    /// the server left as the exit code.
    /// </summary>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        // The host listens to signals once it starts; building it takes a good part of the time until then.
        using var told = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var server = build();
        try
        {
            await server.StartAsync(told.Token);
        }
        catch (Exception exception)
        {
            // The parts that did start end in good order; what they might still say is no news beside the reason.
            await server.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (exception is not OperationCanceledException || !(told.IsCancellationRequested || server.Lifetime.ApplicationStopping.IsCancellationRequested))
                throw;
            Console.WriteLine("Told to stop during the start: nothing was served.");
            return Environment.ExitCode;
        }

        await server.WaitForShutdownAsync();
        return Environment.ExitCode;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.Cancel();
        }
    }
}
