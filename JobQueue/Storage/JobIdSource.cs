using JobQueue.Jobs.Model;

namespace JobQueue.Storage;

/// <summary>Gives out ids that only rise, also within a millisecond and when the clock goes back (RFC 9562, method 1).</summary>
internal sealed class JobIdSource(JobId last)
{
    private const int CountersPerMillisecond = 4096;

    private long _milliseconds = last == default ? 0 : last.UnixMilliseconds + 1;
    private int _counter;

    public JobId Next(long nowMilliseconds, long random)
    {
        if (nowMilliseconds > _milliseconds)
            (_milliseconds, _counter) = (nowMilliseconds, 0);
        else if (++_counter == CountersPerMillisecond)
            (_milliseconds, _counter) = (_milliseconds + 1, 0);
        return JobId.Create(_milliseconds, _counter, (ulong)random);
    }
}
