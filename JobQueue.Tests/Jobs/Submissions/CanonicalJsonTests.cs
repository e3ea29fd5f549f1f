using System.Buffers;
using System.Numerics;
using System.Text;
using CsCheck;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Tests.Jobs.Submissions;

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
