using System.Globalization;
using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Listening;

/// <summary>
/// What one process tells the others after a commit: hints about where to look. One that gets lost, or is too long to be sent, is made
/// good by the next look at everything.
/// </summary>
/// <param name="Lines">In which jobs became ready.</param>
/// <param name="Tenants">Of which leases ended.</param>
/// <param name="Configuration">Whether limits, pauses, tokens or users have changed.</param>
/// <param name="Events">Whether a batch of events was committed.</param>
/// <param name="DueAt">When the first of the jobs that were scheduled is due.</param>
internal sealed record Notice(IReadOnlySet<int> Lines, IReadOnlySet<int> Tenants, bool Configuration, bool Events, long? DueAt)
{
    /// <summary>One for all: each makes every process that listens look, whatever its channel is called.</summary>
    public const string Channel = "jobqueue";

    /// <summary>What a notification may carry, in bytes; a longer one says that everything is to be looked at.</summary>
    private const int MaxLength = 7_900;

    /// <summary>Says that everything is to be looked at.</summary>
    private const string Everything = "*";

    private static readonly HashSet<int> None = [];

    /// <summary>Limits, pauses, tokens or users have changed.</summary>
    public static Notice OfConfiguration { get; } = new(None, None, true, false, null);

    public static Notice OfLines(IReadOnlySet<int> lines) => new(lines, None, false, false, null);

    public bool IsEmpty => Lines.Count == 0 && Tenants.Count == 0 && !Configuration && !Events && DueAt is null;

    public static Notice Of(Writes writes) => new(
        writes.ReadyIn.Select(place => place.Line).ToHashSet(),
        writes.FreedTenants.ToHashSet(),
        writes.ConfigurationChanges,
        writes.Events.Count > 0,
        writes.ScheduledIn.Count > 0 ? writes.ScheduledIn.Min(place => place.DueAt) : null);

    /// <summary>As it is sent: who says it, and parts with a letter each.</summary>
    /// <param name="sender">Without blanks.</param>
    public string ToText(string sender)
    {
        var parts = new List<string> { sender };
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
        var text = string.Join(' ', parts);
        return text.Length <= MaxLength ? text : $"{sender} {Everything}";
    }

    /// <returns>Who said it, and what; nothing when everything is to be looked at.</returns>
    public static (string Sender, Notice? Notice) Read(string text)
    {
        var parts = text.Split(' ');
        try
        {
            return (parts[0], Read(parts.AsSpan(1)));
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            // Whoever it was, something may have happened.
            return (parts[0], null);
        }
    }

    private static Notice? Read(ReadOnlySpan<string> parts)
    {
        var (lines, tenants, configuration, events, due) = (new HashSet<int>(), new HashSet<int>(), false, false, (long?)null);
        foreach (var part in parts)
        {
            switch (part)
            {
                case ['l', .. var numbers]:
                    lines.UnionWith(Numbers(numbers));
                    break;
                case ['t', .. var numbers]:
                    tenants.UnionWith(Numbers(numbers));
                    break;
                case ['d', .. var time]:
                    due = long.Parse(time, CultureInfo.InvariantCulture);
                    break;
                case "c":
                    configuration = true;
                    break;
                case "e":
                    events = true;
                    break;
                default:
                    // Everything; or a newer process says something that this one does not know.
                    return null;
            }
        }

        return new Notice(lines, tenants, configuration, events, due);
    }

    private static IEnumerable<int> Numbers(string numbers) => numbers.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture));
}
