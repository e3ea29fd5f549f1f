using System.CommandLine;
using System.Text.RegularExpressions;
using JobQueue.Commands.Upkeep;

namespace JobQueue.Commands;

/// <summary>The verbs of the command line. Without a verb the program serves.</summary>
internal static partial class CommandLine
{
    private const string Description =
        """
        JobQueue: a durable job queue. Without a command it serves.
        Each setting of appsettings.json may be given as --Section:Key=value, with or without a command.
        """;

    /// <summary>Runs what the arguments say. Answers 0, 2 for wrong usage, 1 for a failure.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="serve">Serves until told to stop, given the settings among the arguments.</param>
    public static async Task<int> RunAsync(string[] args, Func<string[], Task<int>> serve)
    {
        var (words, settings) = Split(args);
        try
        {
            // Without a verb every argument is a setting, also the framework's own, such as --urls.
            if (words is [] || (words[0].StartsWith('-') && !IsQuestion(words[0])))
                return await serve(args);
            var parsed = Describe(settings, new DatabaseVerbs(settings))
                .Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0)
                throw new WrongUsageException(string.Join(Environment.NewLine, parsed.Errors.Select(error => error.Message).Append("See --help.")));
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (exception is not HostAbortedException)
        {
            return await Failure.ReportAsync(exception);
        }
    }

    /// <summary>A new verb is one line here and one class.</summary>
    private static RootCommand Describe(string[] settings, DatabaseVerbs verbs) => new(Description)
    {
        new Command("tokens", "API tokens.") { TokensCreate.Describe(verbs) },
        new Command("users", "Accounts of people.") { UsersCreate.Describe(verbs) },
        BackupCommand.Describe(settings),
        CheckCommand.Describe(settings),
        BenchCommand.Describe(settings),
        MoveCommand.Describe(settings),
        SampleCommand.Describe(settings),
        WorkerCommand.Describe(settings),
    };

    private static bool IsQuestion(string word) => word is "--help" or "-h" or "-?" or "--version";

    private static (string[] Words, string[] Settings) Split(string[] args)
    {
        var (words, settings) = (new List<string>(), new List<string>());
        for (var index = 0; index < args.Length; index++)
        {
            if (!Setting().IsMatch(args[index]))
            {
                words.Add(args[index]);
                continue;
            }

            settings.Add(args[index]);
            if (!args[index].Contains('=', StringComparison.Ordinal) && index + 1 < args.Length)
                settings.Add(args[++index]);
        }

        return ([.. words], [.. settings]);
    }

    /// <summary>Section and key with a colon between them: no option of a verb looks so.</summary>
    [GeneratedRegex("^--[A-Za-z0-9]+:[^=]+")]
    private static partial Regex Setting();
}
