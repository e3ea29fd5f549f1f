namespace JobQueue.Bench;

/// <summary>What was measured, round by round.</summary>
internal sealed class BenchReport
{
    private readonly List<BenchLine> _lines = [];

    public IReadOnlyList<BenchLine> Lines => _lines;

    /// <summary>Notes jobs a second (or requests), and their ratio to what was measured under other names in the same round.</summary>
    public BenchLine Rate(string group, string name, double perSecond, params IEnumerable<string> bases)
    {
        var line = Line(group, name, "/s");
        line.Values.Add(perSecond);
        line.AddRatios(perSecond, Latest(bases));
        return line;
    }

    /// <summary>Notes any other figure.</summary>
    public BenchLine Value(string group, string name, double value, string unit, params IEnumerable<string> bases)
    {
        var line = Line(group, name, unit);
        line.Values.Add(value);
        line.AddRatios(value, Latest(bases));
        return line;
    }

    /// <summary>A base that is not measured in this run is left out.</summary>
    private IEnumerable<(string Base, double Value)> Latest(IEnumerable<string> names) =>
        names.Select(name => _lines.Find(line => line.Name == name)).OfType<BenchLine>().Select(line => (line.Name, line.Values[^1]));

    private BenchLine Line(string group, string name, string unit)
    {
        if (_lines.Find(line => line.Name == name) is { } known)
            return known;
        var line = new BenchLine(group, name, unit);
        // A group stays together, whenever its members were first measured.
        var last = _lines.FindLastIndex(other => other.Group == group);
        _lines.Insert(last < 0 ? _lines.Count : last + 1, line);
        return line;
    }
}
