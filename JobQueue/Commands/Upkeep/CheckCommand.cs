using System.CommandLine;
using JobQueue.Storage;

namespace JobQueue.Commands.Upkeep;

/// <summary><c>check</c>: looks whether the database is whole and its counters agree with its rows. Answers what differs, a line each.</summary>
internal static class CheckCommand
{
    /// <param name="settings">As on the command line.</param>
    public static Command Describe(string[] settings)
    {
        var command = new Command("check", "Looks whether the database is in order, also while a server runs, and tells what differs.");
        command.SetAction(async (_, cancellationToken) =>
        {
            using var host = UpkeepHost.Build(settings);
            var differences = await host.Services.GetRequiredService<IDatabaseUpkeep>().CheckAsync(cancellationToken);
            foreach (var difference in differences)
                await Console.Out.WriteLineAsync(difference);
            return differences.Count == 0 ? 0 : throw new CommandFailedException("The database is not in order.");
        });
        return command;
    }
}
