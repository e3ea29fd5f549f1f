using System.Diagnostics.CodeAnalysis;
using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// The jobs accepted last that are likely to be leased soon, so that leasing one of them does not read it back: where workers
/// keep up that is nearly every job. A job is here only while its row is as it was inserted. Belongs to the writer's thread.
/// </summary>
internal sealed class RecentJobs
{
    public const int MaxJobs = 1024;
    private const int MaxPayload = 4096;

    private readonly Dictionary<JobId, Job> _jobs = new(MaxJobs);
    private readonly Queue<JobId> _order = new(MaxJobs);

    public void Add(Job job)
    {
        if (job.Payload.Length > MaxPayload)
            return;
        if (_order.Count == MaxJobs)
            _jobs.Remove(_order.Dequeue());
        _order.Enqueue(job.Id);
        _jobs.Add(job.Id, job);
    }

    public Job? Find(JobId id) => _jobs.GetValueOrDefault(id);

    /// <summary>Hands a job out for its first lease.</summary>
    public bool TryTake(JobId id, [NotNullWhen(true)] out Job? job) => _jobs.Remove(id, out job);

    /// <summary>The job's row is about to change.</summary>
    public void Forget(JobId id) => _jobs.Remove(id);

    public void Clear()
    {
        _jobs.Clear();
        _order.Clear();
    }
}
