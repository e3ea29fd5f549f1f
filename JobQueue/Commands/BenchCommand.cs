using System.CommandLine;
using JobQueue.Bench;

namespace JobQueue.Commands;

/// <summary><c>bench</c>: measures the real program on this machine. Answers a table, or JSON.</summary>
internal static class BenchCommand
{
    /// <param name="settings">As on the command line, for the server that is measured.</param>
    public static Command Describe(IReadOnlyList<string> settings)
    {
        var defaults = new BenchOptions();
        var jobs = Number("--jobs", defaults.Jobs, 1_000, 100_000_000, "Jobs of one measurement.");
        var workers = Number("--workers", defaults.Workers, 1, 1_000, "Slots of the worker pool.");
        var payload = Number("--payload", defaults.PayloadBytes, 12, 500_000, "Bytes of a payload.");
        var rounds = Number("--rounds", defaults.Rounds, 1, 100, "Everything is measured once a round; medians are shown.");
        var existing = Number("--existing", 0, 0, 100_000_000, "Also measure beside so many finished jobs.");
        var scheduled = Number("--scheduled", 0, 0, 100_000_000, "Also measure beside so many jobs that are due next year.");
        var blocked = Number("--blocked", 0, 0, 100_000_000, "Also measure beside so many jobs that cannot run.");
        var once = Number("--once", defaults.OnceSeconds, 1, 86_400, "Seconds of what is measured once: an idle server, sharing, workers that wait, overload.");
        var soak = Number("--soak", 0, 0, 86_400, "Also let 64 producers submit for so many seconds.");
        var database = new Option<string?>("--database") { Description = "The database to make, which stays; else one in a scratch folder here." };
        var storage = new Option<string?>("--storage")
        {
            Description = "Measure a PostgreSQL database, empty or measured before: \"Host=…;Database=…;Username=…\". Its jobs stay there.",
        };
        var only = new Option<string[]>("--only")
        {
            AllowMultipleArgumentsPerToken = true,
            Description = "Measure only these parts. Without raw, figures are not compared with it.",
        };
        only.AcceptOnlyFromAmong("raw", "store", "tenants", "http", "remote", "webhooks", "full", "idle", "sharing", "parked", "overload", "reads");
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var command = new Command("bench", "Measures this program on this machine, beside what the database and the server alone can do.")
        {
            jobs, workers, payload, rounds, existing, scheduled, blocked, once, soak, only, database, storage, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new BenchOptions
            {
                Jobs = parsed.GetRequiredValue(jobs),
                Workers = parsed.GetRequiredValue(workers),
                PayloadBytes = parsed.GetRequiredValue(payload),
                Rounds = parsed.GetRequiredValue(rounds),
                Existing = parsed.GetRequiredValue(existing),
                Scheduled = parsed.GetRequiredValue(scheduled),
                Blocked = parsed.GetRequiredValue(blocked),
                OnceSeconds = parsed.GetRequiredValue(once),
                SoakSeconds = parsed.GetRequiredValue(soak),
                Only = parsed.GetValue(only) ?? [],
                Database = parsed.GetValue(database),
                Storage = parsed.GetValue(storage),
                Settings = settings,
            },
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(BenchOptions options, bool json, CancellationToken cancellationToken)
    {
        if (options.Storage is not null && (options.Database is not null || options.Fills))
            throw new WrongUsageException("--storage goes without --database, --existing, --scheduled and --blocked.");
        if (options.Database is { } path && File.Exists(path))
            throw new WrongUsageException($"--database takes a file that does not exist yet; {path} does.");
        var output = Console.Out;
        // What the server says goes to standard error: the result stands alone.
        Console.SetOut(Console.Error);
        try
        {
            var report = await new BenchRun(options, new BenchProgress(Console.Error, !Console.IsErrorRedirected)).RunAsync(cancellationToken);
            await output.WriteLineAsync(json ? BenchText.ToJson(report, options) : BenchText.Table(report, options));
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped before the end: there is no result.");
            return 1;
        }
    }

    private static Option<int> Number(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { DefaultValueFactory = _ => value, Description = $"{description} {least} to {most}." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var given && (given < least || given > most))
                result.AddError($"{name} takes a number from {least} to {most}.");
        });
        return option;
    }
}
