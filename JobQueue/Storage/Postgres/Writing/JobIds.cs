using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>The ids of a process: they only rise. Between processes they rise by the millisecond. Thread-safe.</summary>
internal sealed class JobIds
{
    private readonly Lock _lock = new();
    private JobIdSource _source = new(default);

    /// <param name="last">No id is given out that is not greater.</param>
    public void Continue(JobId last)
    {
        lock (_lock)
            _source = new JobIdSource(last);
    }

    public JobId Next(long now, long random)
    {
        lock (_lock)
            return _source.Next(now, random);
    }
}
