namespace JobQueue.Handlers.Command;

/// <summary>A command of the configuration, ready to be filled in. Immutable.</summary>
internal sealed class ListedCommand
{
    private const string EndOfOptions = "--";

    private readonly string _name;
    private readonly IReadOnlyList<ArgumentTemplate> _arguments;
    private readonly HashSet<string> _places;

    /// <summary>Those that an option could stand in: no <c>--</c> comes before them.</summary>
    private readonly HashSet<string> _exposed;

    /// <param name="allowed">As it was found right when the program started.</param>
    public ListedCommand(string name, AllowedCommand allowed)
    {
        _name = name;
        Path = allowed.AbsolutePath;
        _arguments = [.. allowed.Args.Select(argument => ArgumentTemplate.TryParse(argument)!)];
        _places = PlacesOf(_arguments);
        _exposed = PlacesOf(_arguments.Take(allowed.Args.TakeWhile(argument => argument != EndOfOptions).Count()));
    }

    /// <summary>The program's file, absolute.</summary>
    public string Path { get; }

    /// <summary>The program's arguments.</summary>
    /// <exception cref="PermanentJobException">The values are not those that there are places for.</exception>
    public IReadOnlyList<string> Arguments(IReadOnlyDictionary<string, string> values)
    {
        foreach (var place in _places.Where(place => !values.ContainsKey(place)))
            throw new PermanentJobException($"args.{place} is missing: the command {_name} has a place for it.");
        foreach (var (place, value) in values)
        {
            if (!_places.Contains(place))
                throw new PermanentJobException($"args.{place} has no place in the command {_name}. Its places are: {string.Join(", ", _places)}.");
            if (value.StartsWith('-') && _exposed.Contains(place))
            {
                throw new PermanentJobException(
                    $"args.{place} must not begin with '-': the program could take it for an option. Where the program knows -- as the end of its options, put it before {{{place}}} in {CommandHandlerOptions.Section}:Commands:{_name}:Args.");
            }

            if (value.Contains('\0'))
                throw new PermanentJobException($"args.{place} must not contain U+0000, which no argument can hold.");
        }

        return [.. _arguments.Select(argument => argument.Fill(values))];
    }

    private static HashSet<string> PlacesOf(IEnumerable<ArgumentTemplate> arguments) =>
        new(arguments.SelectMany(argument => argument.Places), StringComparer.Ordinal);
}
