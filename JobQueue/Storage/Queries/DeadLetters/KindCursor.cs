using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace JobQueue.Storage.Queries.DeadLetters;

/// <summary>As <see cref="Cursor"/>, for kinds of failure: their last death, and who they are.</summary>
internal static class KindCursor
{
    private const int Head = sizeof(long) + sizeof(int);

    public static string Encode(DateTimeOffset lastDeadAt, string fingerprint, int tenant)
    {
        var bytes = new byte[Head + fingerprint.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, lastDeadAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(sizeof(long)), tenant);
        Encoding.ASCII.GetBytes(fingerprint, bytes.AsSpan(Head));
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public static (DateTimeOffset LastDeadAt, string Fingerprint, int Tenant) Decode(string cursor)
    {
        if (!Base64Url.IsValid(cursor, out var length) || length is <= Head or > 100)
            throw new InvalidCursorException();
        var bytes = Base64Url.DecodeFromChars(cursor);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (milliseconds is < 0 or > 253_402_300_799_999)
            throw new InvalidCursorException();
        return (
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            Encoding.ASCII.GetString(bytes.AsSpan(Head)),
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(sizeof(long))));
    }
}
