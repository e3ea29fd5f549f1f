using System.Threading.Channels;
using JobQueue.Handlers;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Support;

/// <summary>A handler whose every run a test sees begin and decides the end of.</summary>
internal sealed class SteeredHandler : IJobHandler<RawJson>
{
    private readonly Channel<SteeredRun> _runs = Channel.CreateUnbounded<SteeredRun>();

    public static string Type => "steered";

    public static string Summary => "Does what a test says.";

    public static RawJson Example => new("{}"u8.ToArray());

    /// <summary>When set, runs block their thread until it is signalled.</summary>
    public ManualResetEventSlim? Block { get; set; }

    public bool NothingBegan => _runs.Reader.Count == 0;

    public Task<object?> RunAsync(RawJson payload, JobContext context, CancellationToken cancellationToken)
    {
        var run = new SteeredRun(context, cancellationToken);
        _runs.Writer.TryWrite(run);
        Block?.Wait(CancellationToken.None);
        return run.Ended;
    }

    /// <summary>The next run that begins.</summary>
    public Task<SteeredRun> NextAsync() =>
        _runs.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<SteeredRun>> NextAsync(int count)
    {
        var all = new List<SteeredRun>();
        while (all.Count < count)
            all.Add(await NextAsync());
        return all;
    }
}
