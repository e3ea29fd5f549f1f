namespace JobQueue.Bench.Raw;

/// <summary>What a database itself can do: the store's own schema and statements, in batches of so many jobs, with nothing around them.</summary>
internal interface IRawLimit : IDisposable
{
    /// <summary>Whose limit it is, for people.</summary>
    string Name { get; }

    /// <summary>Inserts in batches. Answers jobs a second.</summary>
    double Insert(int jobs, int batch);

    /// <summary>Leases and finishes what was inserted.</summary>
    double LeaseAndFinish(int jobs, int batch);

    double WholeLife(int jobs, int batch);
}
