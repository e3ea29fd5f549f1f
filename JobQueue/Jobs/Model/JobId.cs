using System.Buffers.Binary;

namespace JobQueue.Jobs.Model;

/// <summary>
/// A job's id: a UUIDv7 (RFC 9562), given out by the store's writer in rising order, so that ids sort by acceptance.
/// </summary>
public readonly record struct JobId(Guid Value) : IComparable<JobId>, ISpanFormattable
{
    /// <summary>Bytes of an id in storage, big-endian, so that bytes sort as ids do.</summary>
    public const int Size = 16;

    /// <summary>The millisecond the id was made in; never later than any later id's.</summary>
    public long UnixMilliseconds
    {
        get
        {
            Span<byte> bytes = stackalloc byte[Size];
            Write(bytes);
            return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        }
    }

    /// <summary>Later than any id that is given out.</summary>
    public static JobId Greatest { get; } = new(Guid.AllBitsSet);

    public static JobId Read(ReadOnlySpan<byte> bytes) => new(new Guid(bytes, bigEndian: true));

    /// <summary>Reads the usual text form (36 characters with hyphens) and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JobId id)
    {
        // For compatibility with old programs Guid also takes a sign or 0x at the start of a group.
        var ok = Guid.TryParseExact(text, "D", out var value) && !text.ContainsAny("+xX");
        id = new JobId(ok ? value : default);
        return ok;
    }

    /// <summary>The smallest id of a millisecond: a bound for ranges of time over ids.</summary>
    public static JobId FirstOf(long unixMilliseconds) => Create(unixMilliseconds, 0, 0);

    /// <summary>Builds a UUIDv7 from its three parts.</summary>
    /// <param name="unixMilliseconds">48 bits of time.</param>
    /// <param name="counter">12 bits that rise within the millisecond (rand_a).</param>
    /// <param name="random">62 random bits (rand_b); higher bits are dropped.</param>
    public static JobId Create(long unixMilliseconds, int counter, ulong random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)unixMilliseconds << 16) | 0x7000UL | ((uint)counter & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], 0x8000_0000_0000_0000UL | (random & 0x3FFF_FFFF_FFFF_FFFFUL));
        return Read(bytes);
    }

    public void Write(Span<byte> bytes) => Value.TryWriteBytes(bytes, bigEndian: true, out _);

    public byte[] ToByteArray() => Value.ToByteArray(bigEndian: true);

    /// <summary>The order of the bytes in storage: a Guid compares its parts as unsigned, most significant first.</summary>
    public int CompareTo(JobId other) => Value.CompareTo(other.Value);

    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value.ToString("D");

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, "D");
}
