using System.Collections.Frozen;
using System.Text.Json;
using JobQueue.Handlers.Command.Processes;
using JobQueue.Jobs;
using Microsoft.Extensions.Options;

namespace JobQueue.Handlers.Command;

/// <summary>Runs a program that the configuration lists, never through a shell.</summary>
internal sealed class CommandHandler(
    IOptions<CommandHandlerOptions> options, IOptions<JobsOptions> jobs, ILogger<CommandHandler> logger) : IJobHandler<CommandPayload>
{
    private const string Listed = $"{CommandHandlerOptions.Section}:{nameof(CommandHandlerOptions.Commands)}";

    /// <summary>As configuration keys are, names are the same in any case.</summary>
    private readonly FrozenDictionary<string, ListedCommand> _commands = options.Value.Commands.ToFrozenDictionary(
        pair => pair.Key, pair => new ListedCommand(pair.Key, pair.Value), StringComparer.OrdinalIgnoreCase);

    private readonly int _maxResult = jobs.Value.MaxPayloadKilobytes * 1024;

    public static string Type => "command.run";

    public static string Summary => "Runs a command that the configuration lists, with values in the places of its arguments.";

    public static CommandPayload Example { get; } = new(
        "convert",
        new Dictionary<string, JsonElement> { ["input"] = JsonElement.Parse("\"photo.png\""), ["width"] = JsonElement.Parse("640") });

    public static string? Unavailable(IConfiguration configuration) =>
        configuration.GetSection(Listed).GetChildren().Any() ? null : $"no command is listed in {Listed}";

    public async Task<object?> RunAsync(CommandPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        if (!_commands.TryGetValue(payload.Command, out var command))
            throw Unlisted(payload.Command);
        var arguments = command.Arguments(ValuesOf(payload));
        using var folder = new CommandFolder(logger);
        var output = new CommandOutput(_maxResult);
        var exitCode = await RunAsync(
            new ProgramStart(command.Path, arguments, CommandEnvironment.In(folder.Path), folder.Path), output, context, cancellationToken);
        if (exitCode == 0)
            return new CommandResult(exitCode, output.Beginning);
        cancellationToken.ThrowIfCancellationRequested();
        throw new CommandFailedException(payload.Command, exitCode, output.LastLine);
    }

    private static async Task<int> RunAsync(ProgramStart start, CommandOutput output, JobContext context, CancellationToken cancellationToken)
    {
        await using var program = start.Start();
        await using var stop = cancellationToken.UnsafeRegister(static program => ((IProgram)program!).Kill(), program);
        await foreach (var piece in program.OutputAsync())
            await LogAsync(output.Add(piece.Span), context);
        await LogAsync(output.Complete(), context);
        return await program.ExitCode;
    }

    private static async ValueTask LogAsync(IReadOnlyList<string> lines, JobContext context)
    {
        foreach (var line in lines)
            await context.LogAsync(line);
    }

    private PermanentJobException Unlisted(string name) => new(
        $"The command '{name}' is not listed where this job ran. Give it a Path, and Args if it takes any, in {Listed}:{name}. Listed are: {(_commands.Count == 0 ? "none" : string.Join(", ", _commands.Keys.Order(StringComparer.Ordinal)))}.");

    private static Dictionary<string, string> ValuesOf(CommandPayload payload) =>
        (payload.Args ?? new Dictionary<string, JsonElement>()).ToDictionary(pair => pair.Key, pair => TextOf(pair.Key, pair.Value), StringComparer.Ordinal);

    /// <summary>A number goes as it was written.</summary>
    private static string TextOf(string place, JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.Number => value.GetRawText(),
                _ => throw new PermanentJobException($"args.{place} must be a text or a number."),
            };
        }
        catch (InvalidOperationException exception)
        {
            throw new PermanentJobException($@"args.{place} holds half a character (such as \ud800), which is no text.", exception);
        }
    }
}
