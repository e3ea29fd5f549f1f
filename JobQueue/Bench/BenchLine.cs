using JobQueue.Bench.Load;

namespace JobQueue.Bench;

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
