using JobQueue.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Support.Stores;

/// <summary>Keeps the one writer busy until it is disposed, so that what is sent meanwhile lands in one transaction.</summary>
internal sealed class WriterHold : IAsyncDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private Task _held = Task.CompletedTask;

    public static async Task<WriterHold> StartAsync(IServiceProvider services)
    {
        var hold = new WriterHold();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hold._held = services.GetRequiredService<IDbWriter>().WriteAsync(
            _ =>
            {
                entered.TrySetResult();
                return hold._release.Wait(TimeSpan.FromSeconds(30));
            },
            TestContext.Current.CancellationToken);
        await entered.Task;
        return hold;
    }

    public async ValueTask DisposeAsync()
    {
        _release.Set();
        await _held;
        _release.Dispose();
    }
}
