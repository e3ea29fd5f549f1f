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

/// <summary>One line of the report.</summary>
/// <param name="name">Unique in the report.</param>
internal sealed class BenchLine(string group, string name, string unit)
{
    private readonly List<(string Base, List<double> Ratios)> _ratios = [];
    private readonly List<Latencies> _latencies = [];
    private readonly List<double> _cpu = [];

    public string Group { get; } = group;
    public string Name { get; } = name;
    public string Unit { get; } = unit;

    /// <summary>One a round.</summary>
    public List<double> Values { get; } = [];

    public double Median => MedianOf(Values);

    /// <summary>The median over the rounds of the ratio to each base.</summary>
    public IEnumerable<(string Base, double Ratio)> Ratios => _ratios.Select(pair => (pair.Base, MedianOf(pair.Ratios)));

    /// <summary>The medians of the percentiles and the worst of all, or <see langword="null"/> where no waits were taken.</summary>
    public Latencies? Waits => _latencies.Count == 0
        ? null
        : new Latencies(MedianOf(_latencies.Select(each => each.P50)), MedianOf(_latencies.Select(each => each.P99)), _latencies.Max(each => each.Max));

    /// <summary>The median of the processor time of a job, in microseconds; <see langword="null"/> where it was not taken.</summary>
    public double? CpuMicroseconds => _cpu.Count == 0 ? null : MedianOf(_cpu);

    public void AddRatios(double value, IEnumerable<(string Name, double Value)> bases)
    {
        foreach (var (name, other) in bases)
        {
            if (_ratios.Find(pair => pair.Base == name).Ratios is not { } ratios)
                _ratios.Add((name, ratios = []));
            ratios.Add(value / other);
        }
    }

    public BenchLine AddWaits(Latencies waits)
    {
        _latencies.Add(waits);
        return this;
    }

    /// <summary>What a job (or request) took of the processors, in this whole process.</summary>
    public BenchLine AddCpu(TimeSpan used, int jobs)
    {
        _cpu.Add(used.TotalMicroseconds / jobs);
        return this;
    }

    private static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
