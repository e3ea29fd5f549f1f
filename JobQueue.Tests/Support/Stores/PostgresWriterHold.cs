using JobQueue.Storage.Postgres;
using JobQueue.Storage.Postgres.Writing;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Support.Stores;

/// <summary>Keeps the writers of a process busy until it is disposed, so that what is sent meanwhile lands in one transaction of each.</summary>
internal sealed class PostgresWriterHold : IAsyncDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly List<Hold> _holds = [];

    public static async Task<IAsyncDisposable> StartAsync(IServiceProvider services)
    {
        var host = services.GetRequiredService<PostgresStoreHost>();
        var hold = new PostgresWriterHold();
        foreach (var writer in (WriterLoop[])[host.Work, host.Submissions])
        {
            var command = new Hold(hold._release);
            hold._holds.Add(command);
            writer.Post(command);
            await command.Entered.WaitAsync(TestContext.Current.CancellationToken);
        }

        return hold;
    }

    public async ValueTask DisposeAsync()
    {
        _release.Set();
        foreach (var hold in _holds)
            await hold.Left;
        _release.Dispose();
    }

    /// <summary>A command that holds up its writer when that looks whether it is still wanted.</summary>
    private sealed class Hold(ManualResetEventSlim release) : PostgresCommand
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public Task Left => _left.Task;

        public override bool Refusable => false;

        public override bool Wanted
        {
            get
            {
                _entered.TrySetResult();
                release.Wait(TimeSpan.FromSeconds(30));
                _left.TrySetResult();
                return false;
            }
        }

        public override void Complete()
        {
        }

        public override void Fail(Exception exception)
        {
        }
    }
}
