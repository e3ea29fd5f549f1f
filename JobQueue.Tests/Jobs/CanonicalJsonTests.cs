using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using JobQueue.Jobs;

namespace JobQueue.Tests.Jobs;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void However_a_value_is_spelled_its_form_is_the_same() =>
        Gen.Select(JsonValues.Any, Gen.Int, Gen.Int).Sample((value, first, second) =>
            Form(JsonValues.Spell(value, new Random(first))) == Form(JsonValues.Spell(value, new Random(second))));

    [Fact]
    public void Different_values_have_different_forms() =>
        Gen.Select(JsonValues.Any, JsonValues.Any, Gen.Int).Sample((left, right, seed) =>
            JsonValues.AreEqual(left, right)
            == (Form(JsonValues.Spell(left, new Random(seed))) == Form(JsonValues.Spell(right, new Random(seed)))));

    [Fact]
    public void Numbers_are_compared_by_value_at_any_size() =>
        Gen.Select(JsonValues.Number, JsonValues.Number).Sample((left, right) =>
            (left.Mantissa * BigInteger.Pow(10, left.Exponent + 40) == right.Mantissa * BigInteger.Pow(10, right.Exponent + 40))
            == (Form(JsonValues.Spell(left, new Random(1))) == Form(JsonValues.Spell(right, new Random(2)))));

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "10e-1")]
    [InlineData("1", "0.0001E+4")]
    [InlineData("0", "-0")]
    [InlineData("0", "0.000e999999999999999999999999")]
    [InlineData("1e400", "10e399")]
    [InlineData("1e99999999999999999999999", "10e99999999999999999999998")]
    [InlineData("0.001e100000000000000000000002", "1e99999999999999999999999")]
    [InlineData("1e-99999999999999999999999", "10e-100000000000000000000000")]
    [InlineData("123456789012345678901234567890.10", "123456789012345678901234567890.1")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""")]
    [InlineData("\"\\u00e9\\n\\/\"", "\"é\\u000a/\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    [InlineData("""{"\u0061":1}""", """{"a":1}""")]
    [InlineData("[1, 2 ]", "[1,2]")]
    public void Equal_values_have_one_form(string left, string right) => Assert.Equal(Form(left), Form(right));

    [Theory]
    [InlineData("1", "-1")]
    [InlineData("1", "\"1\"")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("0.1", "0.1000000000000000055511151231257827")]
    [InlineData("1e99999999999999999999999", "1e99999999999999999999998")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[1,[2]]", "[[1],2]")]
    [InlineData("[12]", "[1,2]")]
    [InlineData("null", "\"\"")]
    [InlineData("{}", "[]")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    [InlineData("""{"a":1,"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":null}""", "{}")]
    [InlineData("\"\\ud83d\"", "\"\\ude00\"")]
    [InlineData("\"\\ud83d\"", "\"\\ufffd\"")]
    [InlineData("\"\\u0000\"", "\"\"")]
    [InlineData("\"A\"", "\"a\"")]
    public void Other_values_have_other_forms(string left, string right) => Assert.NotEqual(Form(left), Form(right));

    [Fact]
    public void Repeated_members_keep_their_order_among_others() =>
        Assert.Equal(Form("""{"b":0,"a":1,"a":2}"""), Form("""{"a":1,"b":0,"a":2}"""));

    private static string Form(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(Encoding.UTF8.GetBytes(json), output);
        return Convert.ToHexString(output.WrittenSpan);
    }
}

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

/// <summary>mantissa × 10^exponent.</summary>
internal sealed record JsonNumber(BigInteger Mantissa, int Exponent)
{
    public JsonNumber Normal
    {
        get
        {
            if (Mantissa.IsZero)
                return new JsonNumber(0, 0);
            var (mantissa, exponent) = (Mantissa, Exponent);
            for (; mantissa % 10 == 0; exponent++)
                mantissa /= 10;
            return new JsonNumber(mantissa, exponent);
        }
    }
}

internal sealed class JsonNull
{
    public static readonly JsonNull Value = new();
}
