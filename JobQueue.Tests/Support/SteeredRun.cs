using System.Text;
using JobQueue.Handlers;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Support;

/// <summary>One run. It ends only when the test says so, whatever its token says.</summary>
internal sealed class SteeredRun(JobContext context, CancellationToken token)
{
    private readonly TaskCompletionSource<object?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobContext Context => context;

    public bool IsToldToStop => token.IsCancellationRequested;

    public Task<object?> Ended => _end.Task;

    public void Return(string? result = null) =>
        _end.SetResult(result is null ? null : new RawJson(Encoding.UTF8.GetBytes(result)));

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
