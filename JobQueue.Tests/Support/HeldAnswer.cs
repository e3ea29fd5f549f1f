using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace JobQueue.Tests.Support;

/// <summary>
/// Sends the answers of one path to the network as ever, but lets the server go on only when the caller has gone: as if it had
/// been slower than a caller who reads and closes.
/// </summary>
internal sealed class HeldAnswer(string path) : IStartupFilter
{
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first call is over for the server.</summary>
    public Task Served => _served.Task;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, go) =>
        {
            if (context.Request.Path != path)
            {
                await go(context);
                return;
            }

            context.Features.Set<IHttpResponseBodyFeature>(
                new Body(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), context.RequestAborted));
            await go(context);
            _served.TrySetResult();
        });
        next(app);
    };

    private sealed class Body(IHttpResponseBodyFeature inner, CancellationToken gone) : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer { get; } = new SlowToReturn(inner.Writer, gone);

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();
    }

    private sealed class SlowToReturn(PipeWriter inner, CancellationToken gone) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var result = await inner.FlushAsync(cancellationToken);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = gone.Register(ended.SetResult);
            await ended.Task;
            return result;
        }
    }
}
