using System.Buffers;
using JobQueue.Api.Memory;
namespace JobQueue.Api.Requests;

/// <summary>
/// A request body that comes in pieces, copied together as they come. It takes room for all it announces, so that many at once
/// come one after the other instead of getting stuck half read, but memory only for what has come.
/// </summary>
internal sealed class GatheredBody : IDisposable
{
    /// <summary>Slower than this holds up memory that others wait for.</summary>
    private const double LeastBytesPerSecond = 32 << 10;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly Room _room;
    private readonly bool _refusable;
    private readonly TimeProvider _time;
    private readonly CancellationToken _aborted;
    private readonly long _announced;
    private readonly long _begun;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _end;
    private byte[] _bytes = [];

    public GatheredBody(Room room, long announced, bool refusable, TimeProvider time, CancellationToken aborted)
    {
        (_room, _announced, _refusable, _time, _aborted, _begun) = (room, announced, refusable, time, aborted, time.GetTimestamp());
        _late = new CancellationTokenSource(Grace, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, aborted);
    }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public bool IsLate => _late.IsCancellationRequested;

    /// <summary>Cancelled when it is too slow, or the caller gone.</summary>
    public CancellationToken End => _end.Token;

    /// <exception cref="NoRoomException">There was no room for it in time.</exception>
    public async ValueTask AppendAsync(ReadOnlySequence<byte> piece)
    {
        var length = Length + (int)piece.Length;
        if (length > _bytes.Length)
        {
            var capacity = Math.Max(length, _announced > 0 ? Math.Min(2 * _bytes.Length, (int)_announced) : 2 * _bytes.Length);
            var wanted = Math.Max(capacity, _announced);
            if (_refusable)
                await _room.GrowAsync(wanted, _aborted);
            else
                _room.Set(wanted);
            Move(capacity);
        }

        piece.CopyTo(_bytes.AsSpan(Length));
        Length = length;
        var left = Grace + TimeSpan.FromSeconds(Length / LeastBytesPerSecond) - _time.GetElapsedTime(_begun);
        _late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public void Dispose()
    {
        _end.Dispose();
        _late.Dispose();
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Move(int capacity)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(capacity);
        Written.CopyTo(bytes);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bytes;
    }
}
