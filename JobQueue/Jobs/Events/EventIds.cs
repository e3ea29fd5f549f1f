using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace JobQueue.Jobs.Events;

/// <summary>
/// Turns the numbers of events into the ids that callers see, and back: encrypted, since a number would tell how much goes on
/// with other tenants. The key lives as long as the process, as the numbers do. Thread-safe.
/// </summary>
internal sealed class EventIds : IDisposable
{
    private const int BlockSize = 16;
    private readonly Aes _cipher = Aes.Create();
    private readonly Lock _lock = new();

    public string Of(long number)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        block.Clear();
        BinaryPrimitives.WriteInt64BigEndian(block, number);
        Span<byte> hidden = stackalloc byte[BlockSize];
        lock (_lock)
            _cipher.EncryptEcb(block, hidden, PaddingMode.None);
        return Base64Url.EncodeToString(hidden);
    }

    /// <summary>False for what this process did not give out.</summary>
    public bool TryRead(string id, out long number)
    {
        number = 0;
        Span<byte> hidden = stackalloc byte[BlockSize];
        if (id.Length != Base64Url.GetEncodedLength(BlockSize)
            || Base64Url.DecodeFromChars(id, hidden, out _, out var length) != OperationStatus.Done
            || length != BlockSize)
        {
            return false;
        }

        Span<byte> block = stackalloc byte[BlockSize];
        lock (_lock)
            _cipher.DecryptEcb(hidden, block, PaddingMode.None);
        number = BinaryPrimitives.ReadInt64BigEndian(block);
        return BinaryPrimitives.ReadInt64BigEndian(block[sizeof(long)..]) == 0;
    }

    public void Dispose() => _cipher.Dispose();
}
