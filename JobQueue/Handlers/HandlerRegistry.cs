using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace JobQueue.Handlers;

/// <summary>The job types that this process can run. Immutable.</summary>
internal sealed class HandlerRegistry
{
    private readonly FrozenDictionary<string, HandlerEntry> _byType;

    /// <exception cref="InvalidOperationException">Two handlers claim one type.</exception>
    public HandlerRegistry(IEnumerable<HandlerEntry> entries)
    {
        var byType = new Dictionary<string, HandlerEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!byType.TryAdd(entry.Type, entry))
                throw new InvalidOperationException($"Two handlers are registered for the job type '{entry.Type}'.");
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
