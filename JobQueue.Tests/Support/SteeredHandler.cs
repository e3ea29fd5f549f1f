using System.Threading.Channels;
using JobQueue.Handlers;

namespace JobQueue.Tests.Support;

/// <summary>A handler whose every run a test sees begin and decides the end of.</summary>
internal sealed class SteeredHandler : IJobHandler
{
    private readonly Channel<SteeredRun> _runs = Channel.CreateUnbounded<SteeredRun>();

    public static string Type => "steered";

    public static HandlerDescription Description { get; } = new("Does what a test says.", "{}", "{}");

    /// <summary>When set, runs block their thread until it is signalled.</summary>
    public ManualResetEventSlim? Block { get; set; }

    public bool NothingBegan => _runs.Reader.Count == 0;

    public Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var run = new SteeredRun(context, cancellationToken);
        _runs.Writer.TryWrite(run);
        Block?.Wait(CancellationToken.None);
        return run.Ended;
    }

    /// <summary>The next run that begins.</summary>
    public ValueTask<SteeredRun> NextAsync() => _runs.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<SteeredRun>> NextAsync(int count)
    {
        var all = new List<SteeredRun>();
        while (all.Count < count)
            all.Add(await NextAsync());
        return all;
    }
}

/// <summary>One run. It ends only when the test says so, whatever its token says.</summary>
internal sealed class SteeredRun(JobContext context, CancellationToken token)
{
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobContext Context => context;

    public bool IsToldToStop => token.IsCancellationRequested;

    public Task<ReadOnlyMemory<byte>?> Ended => _end.Task;

    public void Return(string? result = null) =>
        _end.SetResult(result is null ? null : (ReadOnlyMemory<byte>?)System.Text.Encoding.UTF8.GetBytes(result));

    public void Throw(Exception exception) => _end.SetException(exception);

    /// <summary>Ends as a well-behaved handler does: with the cancellation of its token.</summary>
    public void ObeyStop() => _end.SetCanceled(token);

    public async Task UntilToldToStopAsync()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(told.SetResult);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
