namespace JobQueue.Handlers.Command;

/// <summary>Section <c>Handlers:Command</c>: what <c>command.run</c> may run.</summary>
public sealed class CommandHandlerOptions
{
    public const string Section = "Handlers:Command";

    /// <summary>By the name that a payload gives.</summary>
    public IDictionary<string, AllowedCommand> Commands { get; set; } = new Dictionary<string, AllowedCommand>();
}
