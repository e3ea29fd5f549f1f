using System.Buffers.Binary;
using System.Buffers.Text;
using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Queries;

/// <summary>Where a page begins: a moment and an id, or an id alone. Opaque to callers.</summary>
internal static class Cursor
{
    /// <summary>Where a list by time begins.</summary>
    public static string Newest { get; } = Encode(DateTimeOffset.MaxValue, JobId.Greatest);

    public static string Encode(JobId id) => Base64Url.EncodeToString(id.ToByteArray());

    public static string Encode(DateTimeOffset at, JobId id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + JobId.Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds());
        id.Write(bytes[sizeof(long)..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryDecode(string text, out JobId id)
    {
        Span<byte> bytes = stackalloc byte[JobId.Size];
        id = default;
        if (!TryDecode(text, bytes))
            return false;
        id = JobId.Read(bytes);
        return true;
    }

    public static bool TryDecode(string text, out DateTimeOffset at, out JobId id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + JobId.Size];
        (at, id) = (default, default);
        if (!TryDecode(text, bytes))
            return false;
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (milliseconds is < 0 or > 253_402_300_799_999)
            return false;
        (at, id) = (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), JobId.Read(bytes[sizeof(long)..]));
        return true;
    }

    private static bool TryDecode(string text, Span<byte> bytes) =>
        Base64Url.IsValid(text, out var length) && length == bytes.Length
        && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == bytes.Length;
}
