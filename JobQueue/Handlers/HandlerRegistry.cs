using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using JobQueue.Jobs.Model;

namespace JobQueue.Handlers;

/// <summary>The job types that this process can run. Immutable.</summary>
internal sealed class HandlerRegistry
{
    private readonly FrozenDictionary<string, HandlerEntry> _byType;

    /// <exception cref="HandlerRefusedException">A type's name is not allowed, or two handlers claim it.</exception>
    public HandlerRegistry(IEnumerable<HandlerEntry> entries)
    {
        var byType = new Dictionary<string, HandlerEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (Names.Error(entry.Type) is { } error)
                throw new HandlerRefusedException($"The handler {entry.Origin} cannot be used: its type \"{entry.Type}\" {error}");
            if (!byType.TryAdd(entry.Type, entry))
                throw new HandlerRefusedException($"Two handlers claim the job type {entry.Type}: {byType[entry.Type].Origin} and {entry.Origin}. Rename one, or leave it out.");
        }

        _byType = byType.ToFrozenDictionary(StringComparer.Ordinal);
        All = [.. byType.Values.OrderBy(entry => entry.Type, StringComparer.Ordinal)];
        Types = byType.Keys.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>By name.</summary>
    public IReadOnlyCollection<HandlerEntry> All { get; }

    public IReadOnlySet<string> Types { get; }

    public bool TryGet(string type, [NotNullWhen(true)] out HandlerEntry? entry) => _byType.TryGetValue(type, out entry);
}
