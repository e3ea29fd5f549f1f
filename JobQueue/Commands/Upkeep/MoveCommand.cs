using System.CommandLine;
using System.Globalization;
using JobQueue.Storage;

namespace JobQueue.Commands.Upkeep;

/// <summary><c>move</c>: copies a SQLite database into an empty PostgreSQL database. Answers what was moved, in a line.</summary>
internal static class MoveCommand
{
    /// <param name="settings">As on the command line.</param>
    public static Command Describe(string[] settings)
    {
        var to = new Option<string>("--to")
        {
            Required = true,
            Description = "The empty PostgreSQL database: \"Host=localhost;Database=jobqueue;Username=jobqueue\". The password may come from PGPASSWORD or PGPASSFILE.",
        };
        var command = new Command("move", "Copies the SQLite database of a stopped server into an empty PostgreSQL database, and compares both.") { to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connectionString = parsed.GetRequiredValue(to);
            if (ConnectionRules.Problem(StorageOptions.Postgres, connectionString) is { } allowed)
                throw new WrongUsageException($"--to takes {allowed}.");
            using var host = UpkeepHost.Build(settings);
            try
            {
                var moved = await host.Services.GetRequiredService<IDatabaseUpkeep>().MoveAsync(connectionString, Console.Error.WriteLine, cancellationToken);
                foreach (var line in moved.Replaced)
                    await Console.Error.WriteLineAsync(line);
                await Console.Out.WriteLineAsync(Said(moved));
                return 0;
            }
            catch (DatabaseInUseException)
            {
                throw new CommandFailedException("A server owns the database. Stop it first: what it accepted meanwhile would be left behind. Nothing was moved.");
            }
        });
        return command;
    }

    private static string Said(MoveResult moved) => string.Create(
        CultureInfo.InvariantCulture,
        $"Moved to {moved.Place}: {moved.RowsOf("jobs")} jobs, {moved.RowsOf("tenants")} tenants, {moved.RowsOf("users")} users, {moved.RowsOf("tokens")} tokens; {moved.Rows} rows in {moved.Tables.Count} tables, the same on both sides.");
}
