using System.Globalization;

namespace JobQueue.Handlers.Command.Processes;

/// <summary>Who descends from whom, as Linux tells it in <c>/proc</c>.</summary>
internal static class ProcessTable
{
    private const string Folder = "/proc";

    /// <summary>
    /// The processes that descend from one that leads a session, as far as their parents live, and those that share a session with
    /// any of them. Empty where the system does not tell.
    /// </summary>
    public static IReadOnlyCollection<int> DescendantsOf(int leader)
    {
        var rows = OperatingSystem.IsLinux() ? Read() : [];
        var found = new HashSet<int>();
        var sessions = new HashSet<int> { leader };
        for (var before = -1; before != found.Count;)
        {
            before = found.Count;
            foreach (var row in rows.Where(row => row.Parent == leader || found.Contains(row.Parent) || sessions.Contains(row.Session)))
            {
                found.Add(row.Id);
                sessions.Add(row.Session);
            }
        }

        found.Remove(leader);
        return found;
    }

    private static List<Row> Read() =>
    [
        .. Directory.EnumerateDirectories(Folder)
            .Where(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(RowOf)
            .OfType<Row>(),
    ];

    /// <summary>The row of a process; <see langword="null"/> when it has ended meanwhile or is hidden.</summary>
    private static Row? RowOf(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            // "id (name) state parent group session …", where the name may hold anything.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Row(Number(Path.GetFileName(folder)), Number(fields[1]), Number(fields[3]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Row(int Id, int Parent, int Session);
}
