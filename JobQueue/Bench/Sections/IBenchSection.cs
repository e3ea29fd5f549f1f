namespace JobQueue.Bench.Sections;

/// <summary>Measurements that belong together. Its steps run once a round, in their order.</summary>
internal interface IBenchSection
{
    /// <summary>As <c>--only</c> names it.</summary>
    string Name { get; }

    IReadOnlyList<BenchStep> Steps { get; }
}
