using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using JobQueue.Handlers;
using JobQueue.Handlers.Payloads;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Handlers.Payloads;

public sealed class PayloadFormatTests
{
    internal enum Urgency
    {
        NotUrgent,
        AtOnce,
    }

    [Theory]
    [InlineData("""{"to":["a"]}""", null)]
    [InlineData("""{"to":["a"],"urgency":"at_once","at":"2026-11-28T18:00:00Z","id":"0199-"}""", "payload.id must be a UUID.")]
    [InlineData("""{}""", "payload.to is missing.")]
    [InlineData("""{"to":null}""", "payload.to must be a list, not null.")]
    [InlineData("""{"to":"a"}""", "payload.to must be a list, not text.")]
    [InlineData("""{"to":["a",null]}""", "payload.to[1] must be text, not null.")]
    [InlineData("""{"to":["a",{"b":1}]}""", "payload.to[1] must be text, not an object.")]
    [InlineData("""{"to":[]}""", "payload.to must have 1 to 3 members.")]
    [InlineData("""{"to":["a"],"subject":""}""", "payload.subject must have 2 to 10 characters.")]
    [InlineData("""{"to":["a"],"urgency":"AtOnce"}""", "payload.urgency must be one of not_urgent, at_once.")]
    [InlineData("""{"to":["a"],"urgency":1}""", "payload.urgency must be one of not_urgent, at_once.")]
    [InlineData("""{"to":["a"],"copies":2.5}""", "payload.copies must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"to":["a"],"copies":3000000000}""", "payload.copies must be a whole number from -2147483648 to 2147483647.")]
    [InlineData("""{"to":["a"],"copies":true}""", "payload.copies must be a whole number, not true.")]
    [InlineData("""{"to":["a"],"weight":1e999}""", "payload.weight must be a number of at most 1.8e308.")]
    [InlineData("""{"to":["a"],"at":"tomorrow"}""", "payload.at must be a time such as 2026-11-28T18:00:00Z.")]
    [InlineData("""{"to":["a"],"wait":"5 s"}""", "payload.wait must be a length of time such as 00:05:00.")]
    [InlineData("""{"to":["a"],"code":"abc"}""", "payload.code must match the pattern [0-9]+.")]
    [InlineData("""{"to":["a"],"site":"nowhere"}""", "payload.site must be an address such as https://example.com/.")]
    [InlineData("""{"to":["a"],"wait":"00:00:05","code":"12","site":"https://example.com"}""", null)]
    [InlineData("""{"to":["a"],"attached":[{"name":"x.pdf","size":0}]}""", "payload.attached[0].size must be more than 0 and at most 100.")]
    [InlineData("""{"to":["a"],"attached":[{"name":"x.pdf","size":1,"colour":2}]}""", "payload.attached[0].colour is not known; known are name, size.")]
    [InlineData("""{"to":["a"],"headers":{"a b":1}}""", "payload.headers['a b'] must be text, not a number.")]
    [InlineData("""{"To":["a"]}""", "payload.To is not known; known are to, subject, urgency, copies, weight, at, id, attached, headers, raw, wait, code, site. payload.to is missing.")]
    [InlineData("""{"to":["a"],"subject":"\ud800"}""", @"payload.subject holds half a character (such as \ud800), which is no text.")]
    [InlineData("""{"to":["a"],"\ud800":1}""", @"payload holds half a character (such as \ud800), which is no text.")]
    public void What_does_not_fit_is_told_in_words_of_json(string payload, string? message)
    {
        var error = (PermanentJobException?)Record.Exception(() => Read<Mail>(payload));
        Assert.Equal(message, error?.Message);
        Assert.Equal(message is null ? null : "invalid_payload", error?.ErrorType);
    }

    [Fact]
    public void Payload_is_read_with_its_defaults_and_what_is_raw_stays_as_it_was_sent()
    {
        var mail = Read<Mail>("""{"to":["a"],"urgency":"at_once","raw":{ "b" : 1.0,"b":2}}""");

        Assert.Equal(Urgency.AtOnce, mail.Urgency);
        Assert.Equal(1, mail.Copies);
        Assert.Equal("""{ "b" : 1.0,"b":2}""", Encoding.UTF8.GetString(mail.Raw!.Value.Utf8.Span));
    }

    [Fact]
    public void Schema_tells_what_is_checked()
    {
        var schema = JsonNode.Parse(PayloadFormat<Mail>.Schema)!;
        var fields = schema["properties"]!;

        Assert.Equal("object", (string?)schema["type"]);
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Equal(["to"], schema["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("Who gets it.", (string?)fields["to"]!["description"]);
        Assert.Equal((1, 3), ((int)fields["to"]!["minItems"]!, (int)fields["to"]!["maxItems"]!));
        Assert.Equal("string", (string?)fields["to"]!["items"]!["type"]);
        Assert.Equal((2, 10), ((int)fields["subject"]!["minLength"]!, (int)fields["subject"]!["maxLength"]!));
        Assert.Equal(["not_urgent", "at_once"], fields["urgency"]!["enum"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(("integer", "int32", 1), ((string?)fields["copies"]!["type"], (string?)fields["copies"]!["format"], (int)fields["copies"]!["default"]!));
        Assert.Equal(0, (int)fields["attached"]!["items"]!["properties"]!["size"]!["exclusiveMinimum"]!);
        Assert.Equal(["name", "size"], fields["attached"]!["items"]!["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("{}", fields["raw"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"kind":"circle","radius":1}""", null)]
    [InlineData("""{"radius":1,"kind":"circle"}""", null)]
    [InlineData("""{"kind":"circle","side":1}""", "payload.side is not known; known are kind, radius. payload.radius is missing.")]
    [InlineData("""{"kind":"line"}""", "payload.kind must be one of circle, square.")]
    [InlineData("""{"kind":"square","side":1,"inner":{"kind":"circle","radius":0}}""", "payload.inner.radius must be from 1 to 9.")]
    [InlineData("""{"kind":"square","side":1,"inner":{"kind":"circle","radius":"x"}}""", "payload.inner.radius must be a whole number, not text.")]
    public void Type_that_comes_in_kinds_is_told_by_its_kind(string payload, string? message) =>
        Assert.Equal(message, Record.Exception(() => Read<Shape>(payload))?.Message);

    [Fact]
    public void What_a_record_says_of_itself_counts()
    {
        Assert.Equal("payload: from must not be after to.", Record.Exception(() => Read<Span>("""{"from":2,"to":1}"""))?.Message);
        Assert.Equal("payload.word must be short.", Record.Exception(() => Read<Custom>("""{"word":"long"}"""))?.Message);
        Assert.Equal("payload.word is missing.", Record.Exception(() => Read<Custom>("{}"))?.Message);
        Assert.Equal(["word"], JsonNode.Parse(PayloadFormat<Custom>.Schema)!["required"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public void At_most_five_flaws_are_told_and_no_long_name()
    {
        var payload = $"{{\"to\":[1,2,3,4,5,6],\"{new string('x', 200)}\":1}}";
        var message = Record.Exception(() => Read<Mail>(payload))!.Message;
        Assert.Equal(5, message.Split("must be text").Length - 1);
        Assert.DoesNotContain(new string('x', 61), Record.Exception(() => Read<Mail>($"{{\"to\":[\"a\"],\"{new string('x', 200)}\":1}}"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Example_is_told_without_what_it_leaves_out() =>
        Assert.Equal("""{"to":["a@example.com"],"urgency":"not_urgent","copies":1}""", PayloadFormat<Mail>.Example(new Mail(["a@example.com"])));

    [Fact]
    public void Example_that_would_fail_is_refused() =>
        Assert.Throws<ArgumentException>(() => PayloadFormat<Mail>.Example(new Mail([])));

    private static T Read<T>(string payload) => PayloadFormat<T>.Read(Encoding.UTF8.GetBytes(payload));

    internal sealed record Mail(
        [Description("Who gets it."), Length(1, 3)] IReadOnlyList<string> To,
        [StringLength(10, MinimumLength = 2)] string? Subject = null,
        Urgency Urgency = Urgency.NotUrgent,
        int Copies = 1,
        double? Weight = null,
        DateTimeOffset? At = null,
        Guid? Id = null,
        IReadOnlyList<Attachment>? Attached = null,
        IReadOnlyDictionary<string, string>? Headers = null,
        RawJson? Raw = null,
        TimeSpan? Wait = null,
        [RegularExpression("[0-9]+")] string? Code = null,
        [Url] string? Site = null);

    internal sealed record Attachment(string Name, [Range(0, 100, MinimumIsExclusive = true)] int Size);

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    internal abstract record Shape;

    internal sealed record Circle([Range(1, 9)] int Radius) : Shape;

    internal sealed record Square(int Side, Shape? Inner = null) : Shape;

    internal sealed record Span(int From, int To) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            From > To ? [new ValidationResult("from must not be after to.")] : [];
    }

    internal sealed record Custom
    {
        [Required, Short]
        public string? Word { get; init; }
    }

    private sealed class ShortAttribute() : ValidationAttribute("{0} must be short.")
    {
        public override bool IsValid(object? value) => value is not string { Length: > 3 };
    }
}
