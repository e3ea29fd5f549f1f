using System.Buffers.Binary;
using System.Buffers.Text;

namespace JobQueue.Storage.Queries;

/// <summary>As <see cref="Cursor"/>, for lists whose rows are numbered.</summary>
internal static class NumberCursor
{
    public static string Encode(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public static long Decode(string cursor, long max = int.MaxValue)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        if (!Base64Url.IsValid(cursor, out var length) || length != sizeof(long)
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            || BinaryPrimitives.ReadInt64BigEndian(bytes) is var number && (number < 0 || number > max))
        {
            throw new InvalidCursorException();
        }

        return number;
    }
}
