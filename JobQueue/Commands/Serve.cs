namespace JobQueue.Commands;

/// <summary>What the program does without a verb.</summary>
internal static class Serve
{
    /// <summary>Serves until told to stop. Answers 0, or what a part that had to stop the server left as the exit code.</summary>
    public static async Task<int> RunAsync(WebApplication app)
    {
        await using var server = app;
        try
        {
            await server.StartAsync();
        }
        catch
        {
            // The parts that did start end in good order; what they might still say is no news beside the reason.
            await server.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await server.WaitForShutdownAsync();
        return Environment.ExitCode;
    }
}
