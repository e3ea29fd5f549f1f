using System.Globalization;
using System.Text;

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

    public override string ToString() => throw new NotSupportedException();
}
