using System.Text;
using System.Text.Json;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Tests.Jobs.Submissions;

public sealed class JsonFlawTests
{
    [Theory]
    [InlineData("{\"payload\":1,}", "line 1, column 14: a comma stands before '}'.")]
    [InlineData("[1,\n 2,\n]", "line 3, column 1: a comma stands before ']'.")]
    [InlineData("{'payload':1}", "line 1, column 2: strings and names stand in double quotes.")]
    [InlineData("{\"payload\":NaN}", "line 1, column 12: NaN and Infinity are no JSON.")]
    [InlineData("{\"payload\":True}", "line 1, column 12: it is true and false, in small letters.")]
    [InlineData("{ // a note\n}", "line 1, column 3: JSON has no comments.")]
    [InlineData("{\"payload\":1", "line 1, column 13: the text ends too early.")]
    [InlineData("{\"a\":\"x\ny\"}", "line 1, column 8: a line break inside a string is written as \\n.")]
    [InlineData("{\"a\":\"x\u0001\"}", "line 1, column 8: the control character U+0001 is written as \\u0001.")]
    [InlineData("{\"a\":1}{", "line 1, column 8: '{' is not expected here.")]
    [InlineData("{\"a\" 1}", "line 1, column 6: '1' is not expected here.")]
    [InlineData("{\"a\":é}", "line 1, column 6: 'é' is not expected here.")]
    public void Flaw_is_told_by_its_place_and_in_plain_words(string json, string sentence) => Assert.Equal(sentence, Sentence(json));

    [Fact]
    public void Depth_is_told_as_depth() =>
        Assert.EndsWith("it is nested too deeply.", Sentence(new string('[', 65) + new string(']', 65)), StringComparison.Ordinal);

    private static string Sentence(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            return JsonFlaw.Sentence(exception, bytes);
        }

        throw new InvalidOperationException("It is JSON.");
    }
}
