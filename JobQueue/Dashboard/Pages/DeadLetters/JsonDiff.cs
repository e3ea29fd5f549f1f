using System.Text.Json;

namespace JobQueue.Dashboard.Pages.DeadLetters;

/// <summary>Where two JSON texts differ, value by value: layout and the order of members say nothing. Pure.</summary>
internal static class JsonDiff
{
    /// <exception cref="JsonException">One of them is no JSON.</exception>
    public static IReadOnlyList<JsonChange> Between(string before, string after)
    {
        using var a = JsonDocument.Parse(before);
        using var b = JsonDocument.Parse(after);
        var changes = new List<JsonChange>();
        Compare("$", a.RootElement, b.RootElement, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement a, JsonElement b, List<JsonChange> changes)
    {
        if (a.ValueKind == JsonValueKind.Object && b.ValueKind == JsonValueKind.Object)
            CompareMembers(path, a, b, changes);
        else if (a.ValueKind == JsonValueKind.Array && b.ValueKind == JsonValueKind.Array)
            CompareItems(path, a, b, changes);
        else if (a.GetRawText() != b.GetRawText())
            changes.Add(new JsonChange(path, a.GetRawText(), b.GetRawText()));
    }

    private static void CompareMembers(string path, JsonElement a, JsonElement b, List<JsonChange> changes)
    {
        var later = Last(b);
        foreach (var (name, value) in Last(a))
        {
            if (later.Remove(name, out var other))
                Compare(Member(path, name), value, other, changes);
            else
                changes.Add(new JsonChange(Member(path, name), value.GetRawText(), null));
        }

        changes.AddRange(later.Select(added => new JsonChange(Member(path, added.Key), null, added.Value.GetRawText())));
    }

    private static void CompareItems(string path, JsonElement a, JsonElement b, List<JsonChange> changes)
    {
        var (before, after) = (a.GetArrayLength(), b.GetArrayLength());
        for (var i = 0; i < Math.Max(before, after); i++)
        {
            if (i >= after)
                changes.Add(new JsonChange($"{path}[{i}]", a[i].GetRawText(), null));
            else if (i >= before)
                changes.Add(new JsonChange($"{path}[{i}]", null, b[i].GetRawText()));
            else
                Compare($"{path}[{i}]", a[i], b[i], changes);
        }
    }

    /// <summary>Of members with the same name the last one counts, as for most readers.</summary>
    private static Dictionary<string, JsonElement> Last(JsonElement element)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
            members[member.Name] = member.Value;
        return members;
    }

    private static string Member(string path, string name) => path == "$" ? name : $"{path}.{name}";
}
