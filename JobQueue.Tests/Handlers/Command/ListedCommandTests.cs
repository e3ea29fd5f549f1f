using JobQueue.Handlers;
using JobQueue.Handlers.Command;

namespace JobQueue.Tests.Handlers.Command;

public sealed class ListedCommandTests
{
    [Theory]
    [InlineData("{input}", "a b", "a b")]
    [InlineData("--name={input}", "a b", "--name=a b")]
    [InlineData("{input}{input}", "x", "xx")]
    [InlineData("{input}", "", "")]
    [InlineData("{input}", "{input}", "{input}")]
    [InlineData("{{print {input}}}", "$1", "{print $1}")]
    [InlineData("{{{input}}}", "x", "{x}")]
    public void Value_fills_its_place_and_the_argument_stays_one(string template, string value, string argument) =>
        Assert.Equal(["-v", argument], Arguments(["-v", template], ("input", value)));

    [Theory]
    [InlineData("{input")]
    [InlineData("input}")]
    [InlineData("{}")]
    [InlineData("{a b}")]
    [InlineData("{{input}")]
    [InlineData("{{{input}}")]
    [InlineData("{a{b}}")]
    public void Brace_that_is_neither_doubled_nor_part_of_a_place_is_refused(string template) =>
        Assert.Null(ArgumentTemplate.TryParse(template));

    [Fact]
    public void Command_without_places_takes_no_values()
    {
        Assert.Equal(["{}"], Arguments(["{{}}"]));
        Assert.Contains("args.input has no place", Refusal(["{{input}}"], ("input", "x")), StringComparison.Ordinal);
    }

    [Fact]
    public void Value_that_is_missing_or_has_no_place_is_a_permanent_error()
    {
        Assert.Contains("args.size is missing", Refusal(["{input}", "{size}"], ("input", "x")), StringComparison.Ordinal);
        var extra = Refusal(["{input}", "{size}"], ("input", "x"), ("size", "1"), ("Size", "1"));
        Assert.Contains("args.Size has no place", extra, StringComparison.Ordinal);
        Assert.Contains("input, size", extra, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_that_could_be_an_option_is_refused_unless_options_have_ended()
    {
        Assert.Contains("args.input must not begin with '-'", Refusal(["{input}"], ("input", "-rf")), StringComparison.Ordinal);
        Assert.Contains("args.size must not begin with '-'", Refusal(["--size={size}"], ("size", "-1")), StringComparison.Ordinal);
        Assert.Contains("args.input must not begin", Refusal(["{input}", "--"], ("input", "-")), StringComparison.Ordinal);
        Assert.Contains("args.input must not begin", Refusal(["{input}", "--", "{input}"], ("input", "-")), StringComparison.Ordinal);
        Assert.Contains("args.input must not begin", Refusal(["--verbose", "-x--", "{input}"], ("input", "-")), StringComparison.Ordinal);
        Assert.Equal(["-v", "--", "-rf"], Arguments(["-v", "--", "{input}"], ("input", "-rf")));
        Assert.Equal(["a-b"], Arguments(["{input}"], ("input", "a-b")));
    }

    [Fact]
    public void Character_that_ends_an_argument_is_refused() =>
        Assert.Contains("args.input must not contain U+0000", Refusal(["{input}"], ("input", "a\0b")), StringComparison.Ordinal);

    private static IReadOnlyList<string> Arguments(string[] templates, params (string Place, string Value)[] values) =>
        new ListedCommand("convert", new AllowedCommand { Path = "/bin/true", Args = templates })
            .Arguments(values.ToDictionary(pair => pair.Place, pair => pair.Value));

    private static string Refusal(string[] templates, params (string Place, string Value)[] values) =>
        Assert.Throws<PermanentJobException>(() => Arguments(templates, values)).Message;
}
