using System.Globalization;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>
/// What one process tells the others after a commit: hints about where to look. One that gets lost, or is too long to be sent, is made
/// good by the next look at everything.
/// </summary>
internal sealed record Notice(IReadOnlySet<int> Lines, IReadOnlySet<int> Tenants, bool Configuration, bool Events, long? DueAt)
{
    /// <summary>Limits, pauses, tokens or users have changed.</summary>
    public static Notice OfConfiguration { get; } = new(new HashSet<int>(), new HashSet<int>(), true, false, null);

    public static Notice Of(Writes writes) => new(
        writes.ReadyIn.Select(place => place.Line).ToHashSet(),
        writes.FreedTenants.ToHashSet(),
        writes.ConfigurationChanges,
        writes.Events.Count > 0,
        writes.ScheduledIn.Count > 0 ? writes.ScheduledIn.Min(place => place.DueAt) : null);

    public bool IsEmpty => Lines.Count == 0 && Tenants.Count == 0 && !Configuration && !Events && DueAt is null;

    /// <summary>What a notification may carry, in bytes; a longer one says that everything is to be looked at.</summary>
    private const int MaxLength = 7_900;

    /// <summary>Says that everything is to be looked at.</summary>
    public const string Everything = "*";

    /// <summary>As it is sent: parts with a letter each, separated by semicolons.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Lines.Count > 0)
            parts.Add($"l{string.Join(',', Lines)}");
        if (Tenants.Count > 0)
            parts.Add($"t{string.Join(',', Tenants)}");
        if (DueAt is { } due)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"d{due}"));
        if (Configuration)
            parts.Add("c");
        if (Events)
            parts.Add("e");
        var text = string.Join(';', parts);
        return text.Length <= MaxLength ? text : Everything;
    }

    /// <returns>Null when everything is to be looked at.</returns>
    public static Notice? Read(string text)
    {
        if (text == Everything)
            return null;
        var (lines, tenants, configuration, events, due) = (new HashSet<int>(), new HashSet<int>(), false, false, (long?)null);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part[0])
            {
                case 'l':
                    lines.UnionWith(Numbers(part));
                    break;
                case 't':
                    tenants.UnionWith(Numbers(part));
                    break;
                case 'd':
                    due = long.Parse(part.AsSpan(1), CultureInfo.InvariantCulture);
                    break;
                case 'c':
                    configuration = true;
                    break;
                case 'e':
                    events = true;
                    break;
                default:
                    // A newer process says something that this one does not know.
                    return null;
            }
        }

        return new Notice(lines, tenants, configuration, events, due);
    }

    private static IEnumerable<int> Numbers(string part) => part[1..].Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture));
}
