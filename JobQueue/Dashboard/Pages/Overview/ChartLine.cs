namespace JobQueue.Dashboard.Pages.Overview;

/// <summary>One series of a chart; a value is absent where nothing happened.</summary>
/// <param name="Tone">The class of its colour.</param>
public sealed record ChartLine(string Name, string Tone, IReadOnlyList<double?> Values)
{
    private static readonly double[] Steps = [1, 2, 5, 10];

    /// <summary>The next of 1, 2, 5 times a power of ten, so that a scale reads well; at least 1.</summary>
    public static double RoundUp(double highest)
    {
        if (highest <= 1)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return Steps.Select(step => step * power).First(top => top >= highest * 0.999);
    }
}
