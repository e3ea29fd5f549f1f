using JobQueue.Dashboard.Pages.JobList;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;

namespace JobQueue.Dashboard.Shared.Search;

/// <summary>
/// Reads what people type into the search box: <c>queue:mail status:failed tag:vip</c> and free text in any order. Pure.
/// </summary>
internal static class SearchText
{
    public static IReadOnlyList<string> Names { get; } = ["status", "reason", "queue", "type", "tag", "tenant"];

    /// <summary>Adds the typed conditions to a state.</summary>
    /// <param name="problem">A sentence about a condition that means nothing; it is left out.</param>
    public static JobListState Apply(JobListState state, string typed, out string? problem)
    {
        problem = null;
        state = state with { Before = null, After = null };
        var words = new List<string>();
        foreach (var word in typed.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? ("", word) : (word[..colon].ToLowerInvariant(), word[(colon + 1)..]);
            if (!Names.Contains(name))
                words.Add(word);
            else if (value.Length == 0)
                problem = $"What should \"{name}:\" be?";
            else if (Condition(state, name, value) is { } narrowed)
                state = narrowed;
            else
                problem = $"There is no {name} \"{value}\". Known: {string.Join(", ", name == "status" ? Words.Statuses : Words.Reasons)}.";
        }

        return state with { Text = words.Count == 0 ? null : string.Join(' ', words) };
    }

    /// <summary>Whether the text holds a condition and not only free words.</summary>
    public static bool HasCondition(string typed) => typed
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Any(word => Names.Any(name => word.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)));

    private static JobListState? Condition(JobListState state, string name, string value) => name switch
    {
        "status" => Words.TryReadStatus(value, out JobStatus status) ? state with { Status = status } : null,
        "reason" => Words.TryReadReason(value, out FailReason reason) ? state with { Reason = reason } : null,
        "queue" => state with { Queue = value },
        "type" => state with { Type = value },
        "tag" => state with { Tag = value },
        _ => state with { Tenant = value },
    };
}
