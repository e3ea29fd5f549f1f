using System.CommandLine;
using JobQueue.Storage;

namespace JobQueue.Commands.Upkeep;

/// <summary><c>backup</c>: copies the database while it is served from, or while it is not. Answers the file's path.</summary>
internal static class BackupCommand
{
    /// <param name="settings">As on the command line.</param>
    public static Command Describe(string[] settings)
    {
        var to = new Option<string>("--to") { Required = true, Description = "The file to make, such as backup.db; one that is there is refused." };
        var command = new Command("backup", "Copies the database into a file, also while a server runs, and checks the copy.") { to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(to));
            using var host = UpkeepHost.Build(settings);
            var differences = await host.Services.GetRequiredService<IDatabaseUpkeep>().BackUpAsync(path, cancellationToken);
            if (differences.Count > 0)
                throw new CommandFailedException($"No backup was made: the database is not in order. {differences[0]} The command check tells all.");
            await Console.Out.WriteLineAsync(path);
            return 0;
        });
        return command;
    }
}
