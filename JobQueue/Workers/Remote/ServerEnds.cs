using System.Buffers;
using System.Text.Json;

namespace JobQueue.Workers.Remote;

/// <summary>
/// Brings the ends of attempts to the server. One goes out at once where no call is under way; those that come meanwhile go
/// together in the next one. Thread-safe.
/// </summary>
internal sealed class ServerEnds(ServerCalls calls, TimeProvider time)
{
    private const int MostInACall = 100;
    private const int MostBytesInACall = 1 << 20;

    /// <summary>
    /// After this long without an answer one of a call's members may be to blame: each goes alone, and none holds up the others.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _sending;

    /// <param name="end">A member of the call's <c>items</c>, as JSON.</param>
    /// <exception cref="ServerRefusedException">The server does not take it.</exception>
    public Task<EndAnswer> SendAsync(ReadOnlyMemory<byte> end, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(end, cancellationToken);
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (_sending)
                return waiting.Answer.Task;
            _sending = true;
        }

        _ = SendAllAsync();
        return waiting.Answer.Task;
    }

    private async Task SendAllAsync()
    {
        // Who gets no answer for long goes on trying beside the others.
        while (Next() is { Count: > 0 } together)
            await SendTogetherAsync(together).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private List<Waiting> Next()
    {
        var together = new List<Waiting>();
        var bytes = 0;
        lock (_gate)
        {
            while (together.Count < MostInACall && _waiting.TryPeek(out var next) && (bytes == 0 || bytes + next.End.Length <= MostBytesInACall))
            {
                together.Add(_waiting.Dequeue());
                bytes += next.End.Length;
            }

            _sending = together.Count > 0;
        }

        return together;
    }

    /// <summary>Never throws. Who goes alone holds up nobody else.</summary>
    private async Task SendTogetherAsync(IReadOnlyList<Waiting> together)
    {
        // The pool gives one token to all: that of the end of its stop.
        var end = together[0].CancellationToken;
        using var patience = new CancellationTokenSource(together.Count > 1 ? Patience : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, patience.Token);
        try
        {
            var answer = await calls.PostAsync("leases/settle", Body(together), RemoteJson.Default.EndsAnswer, TimeSpan.Zero, either.Token);
            for (var i = 0; i < together.Count; i++)
                together[i].Answer.TrySetResult(answer!.Items[i]);
        }
        catch (Exception exception) when (together.Count > 1 && (exception is ServerRefusedException || patience.IsCancellationRequested))
        {
            foreach (var one in together)
                _ = SendTogetherAsync([one]);
        }
        catch (Exception exception)
        {
            foreach (var one in together)
                one.Answer.TrySetException(exception);
        }
    }

    private static ReadOnlyMemory<byte> Body(IReadOnlyList<Waiting> together)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (var one in together)
            json.WriteRawValue(one.End.Span, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private sealed record Waiting(ReadOnlyMemory<byte> End, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<EndAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
