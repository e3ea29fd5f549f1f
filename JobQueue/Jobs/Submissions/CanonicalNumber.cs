using System.Buffers;
using System.Globalization;

namespace JobQueue.Jobs.Submissions;

/// <summary>
/// Bytes that are equal for JSON numbers of the same value: the digits without zeros at either end, and the power of ten. No
/// conversion to a binary number rounds anything, whatever the number's size.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>Exponents of more digits do not fit a long together with the shift; they are added up as text.</summary>
    private const int MaxLongDigits = 17;

    public static void Write(ReadOnlySpan<byte> number, ArrayBufferWriter<byte> output)
    {
        var negative = number[0] == '-';
        if (negative)
            number = number[1..];
        var e = number.IndexOfAny((byte)'e', (byte)'E');
        var exponent = e < 0 ? "0"u8 : number[(e + 1)..];
        var mantissa = e < 0 ? number : number[..e];
        var point = mantissa.IndexOf((byte)'.');
        var fraction = point < 0 ? [] : mantissa[(point + 1)..];
        var whole = point < 0 ? mantissa : mantissa[..point];

        Span<byte> digits = output.GetSpan(mantissa.Length + 2)[2..];
        whole.CopyTo(digits);
        fraction.CopyTo(digits[whole.Length..]);
        digits = digits[..(whole.Length + fraction.Length)];
        var kept = digits.TrimEnd((byte)'0');
        var shift = digits.Length - kept.Length - fraction.Length;
        kept = kept.TrimStart((byte)'0');
        if (kept.IsEmpty)
        {
            output.Write("d0;"u8);
            return;
        }

        // Taken before the span that was borrowed for the digits is written over.
        var text = kept.ToArray();
        output.Write(negative ? "d-"u8 : "d+"u8);
        output.Write(text);
        output.Write("e"u8);
        WriteSum(exponent, shift, output);
        output.Write(";"u8);
    }

    /// <summary>Appends <paramref name="exponent"/> + <paramref name="shift"/> as a decimal number.</summary>
    private static void WriteSum(ReadOnlySpan<byte> exponent, int shift, ArrayBufferWriter<byte> output)
    {
        var negative = exponent[0] == '-';
        var magnitude = (exponent[0] is (byte)'-' or (byte)'+' ? exponent[1..] : exponent).TrimStart((byte)'0');
        if (magnitude.Length <= MaxLongDigits)
        {
            long value = 0;
            foreach (var digit in magnitude)
                value = (value * 10) + (digit - '0');
            var sum = (negative ? -value : value) + shift;
            Span<byte> text = stackalloc byte[20];
            sum.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
            output.Write(text[..written]);
            return;
        }

        // The exponent is far larger than the shift: its sign stays, and the digits are added to from the right.
        var digits = new byte[magnitude.Length + 1];
        digits[0] = (byte)'0';
        magnitude.CopyTo(digits.AsSpan(1));
        long carry = negative ? -shift : shift;
        for (var i = digits.Length - 1; carry != 0; i--)
        {
            carry += digits[i] - '0';
            var digit = ((carry % 10) + 10) % 10;
            digits[i] = (byte)('0' + digit);
            carry = (carry - digit) / 10;
        }

        output.Write(negative ? "-"u8 : ""u8);
        output.Write(digits.AsSpan().TrimStart((byte)'0'));
    }
}
