using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace JobQueue.Jobs.Submissions;

/// <summary>
/// Bytes that are equal for JSON texts of the same value: members in whatever order, numbers by their value at any size and
/// precision, strings with their escapes resolved. Members of the same name keep their order. Pure.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>Appends the canonical form of a valid JSON text, which is valid UTF-8.</summary>
    public static void Write(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        WriteValue(ref reader, output);
    }

    /// <summary>Appends a string's canonical form: its kind, its length, its UTF-8.</summary>
    public static void WriteText(ReadOnlySpan<char> text, ArrayBufferWriter<byte> output)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteHead((byte)'s', length, output);
        Encoding.UTF8.GetBytes(text, output.GetSpan(length));
        output.Advance(length);
    }

    private static void WriteValue(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, output);
                break;
            case JsonTokenType.StartArray:
                output.Write("["u8);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    WriteValue(ref reader, output);
                output.Write("]"u8);
                break;
            case JsonTokenType.String:
                WriteString(ref reader, output);
                break;
            case JsonTokenType.Number:
                CanonicalNumber.Write(reader.ValueSpan, output);
                break;
            case JsonTokenType.True:
                output.Write("t"u8);
                break;
            case JsonTokenType.False:
                output.Write("f"u8);
                break;
            default:
                output.Write("n"u8);
                break;
        }
    }

    private static void WriteObject(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var written = new ArrayBufferWriter<byte>();
        List<Member> members = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = written.WrittenCount;
            WriteString(ref reader, written);
            var nameEnd = written.WrittenCount;
            reader.Read();
            WriteValue(ref reader, written);
            members.Add(new Member(start, nameEnd, written.WrittenCount));
        }

        output.Write("{"u8);
        // A stable order, so that members of the same name keep theirs.
        foreach (var member in members.Order(Comparer<Member>.Create(
            (left, right) => written.WrittenSpan[left.Name].SequenceCompareTo(written.WrittenSpan[right.Name]))))
        {
            output.Write(written.WrittenSpan[member.Whole]);
        }

        output.Write("}"u8);
    }

    private static void WriteString(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            WriteHead((byte)'s', raw.Length, output);
            output.Write(raw);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        var length = Unescape(raw, rented);
        WriteHead((byte)'s', length, output);
        output.Write(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void WriteHead(byte kind, int length, ArrayBufferWriter<byte> output)
    {
        var head = output.GetSpan(1 + sizeof(int));
        head[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], length);
        output.Advance(1 + sizeof(int));
    }

    /// <summary>
    /// Resolves the escapes of a string. Half a surrogate pair on its own, which the framework's reader refuses, becomes the
    /// three bytes that UTF-8 would give it (WTF-8): no valid text has those, so it equals nothing but itself.
    /// </summary>
    private static int Unescape(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var length = 0;
        while (raw.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            raw[..escape].CopyTo(target[length..]);
            length += escape;
            var kind = raw[escape + 1];
            raw = raw[(escape + 2)..];
            if (kind != 'u')
            {
                target[length++] = kind switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => kind,
                };
                continue;
            }

            var unit = Hex(raw);
            raw = raw[4..];
            if (char.IsHighSurrogate(unit) && raw is [(byte)'\\', (byte)'u', ..] && char.IsLowSurrogate(Hex(raw[2..])))
            {
                length += new Rune(unit, Hex(raw[2..])).EncodeToUtf8(target[length..]);
                raw = raw[6..];
            }
            else if (char.IsSurrogate(unit))
            {
                target[length++] = (byte)(0xE0 | (unit >> 12));
                target[length++] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                target[length++] = (byte)(0x80 | (unit & 0x3F));
            }
            else
            {
                length += new Rune(unit).EncodeToUtf8(target[length..]);
            }
        }

        raw.CopyTo(target[length..]);
        return length + raw.Length;
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        (char)ushort.Parse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Where a member lies among those written.</summary>
    private readonly record struct Member(int Start, int NameEnd, int End)
    {
        public Range Name => Start..NameEnd;

        public Range Whole => Start..End;
    }
}
