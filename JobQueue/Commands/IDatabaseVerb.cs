using System.Text.Json;

namespace JobQueue.Commands;

/// <summary>
/// A verb that reads or changes the database. While a server owns it the verb runs inside that server, so there is one writer
/// and the effect is immediate; else it runs in the process of the command.
/// </summary>
/// <typeparam name="TArguments">What the command line said; travels as JSON.</typeparam>
internal interface IDatabaseVerb<in TArguments>
{
    /// <summary>As on the command line: <c>tokens create</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Does it.</summary>
    /// <returns>What goes to standard output.</returns>
    /// <exception cref="WrongUsageException">The arguments make no sense.</exception>
    /// <exception cref="CommandFailedException">It could not be done.</exception>
    Task<string> RunAsync(TArguments arguments, CancellationToken cancellationToken);
}

/// <summary>A verb as it is found by its name, its arguments still JSON.</summary>
internal sealed record DatabaseVerb(string Name, Func<IServiceProvider, JsonElement, CancellationToken, Task<string>> RunAsync)
{
    public static DatabaseVerb Of<TVerb, TArguments>()
        where TVerb : class, IDatabaseVerb<TArguments> =>
        new(TVerb.Name, (services, arguments, cancellationToken) => ActivatorUtilities.CreateInstance<TVerb>(services)
            .RunAsync(arguments.Deserialize<TArguments>(JsonSerializerOptions.Web)!, cancellationToken));
}
