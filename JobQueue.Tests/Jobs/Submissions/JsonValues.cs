using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;

namespace JobQueue.Tests.Jobs.Submissions;

/// <summary>JSON values apart from their spelling, and every way to spell them.</summary>
internal static class JsonValues
{
    private static readonly Gen<object> Text = Gen.OneOf(
        Gen.String[Gen.Char['a', 'c'], 0, 3].Select(text => (object)text),
        Gen.String[Gen.OneOf(Gen.Char['\0', '\u007f'], Gen.Char['\u00a0', '\u2fff'], Gen.Const('"'), Gen.Const('\\')), 0, 8]
            .Select(text => (object)text),
        Gen.Const((object)"😀"));

    public static Gen<JsonNumber> Number { get; } = Gen.Select(Gen.OneOf(Gen.Long, Gen.Long[-20, 20]), Gen.Int[-30, 30])
        .Select((mantissa, exponent) => new JsonNumber(mantissa, exponent));

    public static Gen<object> Any { get; } = Gen.Recursive<object>((depth, inner) =>
    {
        var scalar = Gen.OneOf(
            Text, Number.Select(number => (object)number), Gen.Const<object>(true), Gen.Const<object>(false), Gen.Const<object>(JsonNull.Value));
        return depth >= 3 ? scalar : Gen.Frequency(
            (3, scalar),
            (1, inner.Array[0, 4].Select(items => (object)items)),
            (1, Gen.Select(Text, inner).Array[0, 4].Select(pairs => (object)pairs
                .DistinctBy(pair => pair.Item1).ToDictionary(pair => (string)pair.Item1, pair => pair.Item2))));
    });

    public static bool AreEqual(object left, object right) => (left, right) switch
    {
        (JsonNumber a, JsonNumber b) => a.Normal == b.Normal,
        (object[] a, object[] b) => a.Length == b.Length && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (Dictionary<string, object> a, Dictionary<string, object> b) =>
            a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var other) && AreEqual(pair.Value, other)),
        _ => left.Equals(right),
    };

    public static string Spell(object value, Random random) => value switch
    {
        string text => SpellText(text, random),
        JsonNumber number => SpellNumber(number, random),
        object[] items => $"[{Space(random)}{string.Join($"{Space(random)},", items.Select(item => Spell(item, random)))}]",
        Dictionary<string, object> members => Spell(members, random),
        bool flag => flag ? "true" : "false",
        _ => "null",
    };

    private static string Spell(Dictionary<string, object> members, Random random)
    {
        var pairs = members.ToArray();
        random.Shuffle(pairs);
        return $"{{{string.Join(',', pairs.Select(pair => $"{SpellText(pair.Key, random)}{Space(random)}:{Spell(pair.Value, random)}"))}}}";
    }

    private static string SpellText(string text, Random random)
    {
        var builder = new StringBuilder("\"");
        foreach (var unit in text)
        {
            var mustEscape = unit is < ' ' or '"' or '\\';
            if (mustEscape || (random.Next(4) == 0 && !char.IsSurrogate(unit)))
                builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else
                builder.Append(unit);
        }

        return builder.Append('"').ToString();
    }

    private static string SpellNumber(JsonNumber number, Random random)
    {
        var (mantissa, exponent) = number;
        var zeros = random.Next(4);
        var digits = (BigInteger.Abs(mantissa) * BigInteger.Pow(10, zeros)).ToString(CultureInfo.InvariantCulture);
        exponent -= zeros;
        var point = random.Next(1, digits.Length + 1);
        exponent += digits.Length - point;
        var text = point == digits.Length ? digits : $"{digits[..point]}.{digits[point..]}";
        var e = exponent == 0 && random.Next(2) == 0 ? "" : $"{(random.Next(2) == 0 ? 'e' : 'E')}{(exponent >= 0 && random.Next(2) == 0 ? "+" : "")}{exponent}";
        return $"{(mantissa < 0 ? "-" : "")}{text}{e}";
    }

    private static string Space(Random random) => random.Next(3) switch { 0 => " ", 1 => "\r\n\t", _ => "" };
}
