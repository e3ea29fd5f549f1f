using System.Text.Json;
using JobQueue.Commands.Control;

namespace JobQueue.Commands;

/// <summary>A verb as it is found by its name, its arguments still JSON.</summary>
internal sealed record DatabaseVerb(string Name, Func<IServiceProvider, JsonElement, CancellationToken, Task<string>> RunAsync)
{
    public static DatabaseVerb Of<TVerb, TArguments>()
        where TVerb : class, IDatabaseVerb<TArguments> =>
        new(TVerb.Name, (services, arguments, cancellationToken) => ActivatorUtilities.CreateInstance<TVerb>(services)
            .RunAsync(
                arguments.Deserialize<TArguments>(ControlRequest.Json) ?? throw new JsonException("The arguments are missing."),
                cancellationToken));
}
