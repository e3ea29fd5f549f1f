using System.Globalization;
using System.Text;
using System.Text.Json;
using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Requests;

/// <summary>
/// Walks once over a request's JSON, field by field, without building a document. It is strict: unknown and repeated fields and
/// wrong kinds are errors under the field's own name, and all of them are found in one walk. A null is an absent field.
/// </summary>
/// <remarks>The body is valid UTF-8. JSON that is malformed throws <see cref="JsonException"/>.</remarks>
internal ref struct FieldReader
{
    private readonly ReadOnlySpan<byte> _body;
    private Utf8JsonReader _json;
    private string _field = "";

    public FieldReader(ReadOnlySpan<byte> body, FieldErrors errors)
    {
        _body = body;
        // How deep a payload may be nested is checked where it is read, so that it gets an error of its own.
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        Errors = errors;
    }

    public FieldErrors Errors { get; }

    /// <summary>Where the object lies that is read: empty for the body itself, else <c>error.</c> or <c>jobs[3].</c>.</summary>
    public FieldPath Path { get; set; }

    /// <summary>Whether bytes that were not UTF-8 became U+FFFD.</summary>
    public bool IsMended { get; init; }

    public readonly JsonTokenType Kind => _json.TokenType;

    /// <summary>The bytes of the value the reader stands at, for a value that is no object or array.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => _json.ValueSpan;

    public readonly void Fail(string message) => Errors.Add(Path.To(_field), message);

    public readonly void Fail(string field, string message) => Errors.Add(Path.To(field), message);

    /// <summary>Steps into the body, which must be an object.</summary>
    public bool BeginBody()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.StartObject;
    }

    /// <summary>Sees that nothing follows the body.</summary>
    public void EndBody() => _json.Read();

    /// <summary>
    /// Goes to the next known field and stands at its value, which the caller must read. False at the object's end.
    /// </summary>
    public bool Next<TField>(ref FieldSet seen, out TField field)
        where TField : struct, Enum
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (!FieldNames<TField>.TryFind(ref _json, out field, out var name, out var number))
            {
                Errors.Add(Path.To(Problem.Shorten(PropertyName())), $"is not a field of this request. {FieldNames<TField>.Known}");
            }
            else if (!seen.Add(number))
            {
                Errors.Add(Path.To(name), "must not be given more than once.");
            }
            else
            {
                _field = name;
                _json.Read();
                return true;
            }

            _json.Read();
            _json.Skip();
        }

        field = default;
        return false;
    }

    /// <summary>Goes to the next element of the array the reader stands in. False at its end.</summary>
    public bool NextElement() => _json.Read() && _json.TokenType != JsonTokenType.EndArray;

    /// <summary>Whether the value is an object to step into with <see cref="Next"/>; else an error or null, which was skipped.</summary>
    public bool BeginObject() => Is(JsonTokenType.StartObject, "must be an object.");

    /// <summary>Whether the value is an array to step through with <see cref="NextElement"/>; else an error or null, which was skipped.</summary>
    public bool BeginArray() => Is(JsonTokenType.StartArray, "must be an array.");

    /// <summary>As <see cref="BeginObject"/> for an element of an array: null is an error there.</summary>
    public bool BeginElement(string array, int index)
    {
        if (_json.TokenType == JsonTokenType.StartObject)
            return true;
        Errors.Add($"{array}[{index}]", "must be an object.");
        _json.Skip();
        return false;
    }

    /// <summary>Any value, as it was sent, in an array of its own: it outlives the request's buffer.</summary>
    /// <param name="maxDepth">Levels of nesting that are allowed inside.</param>
    /// <param name="maxBytes">More is an error that is answered with 413.</param>
    public byte[]? Json(int maxDepth, int maxBytes)
    {
        var (value, flaw, isTooLarge) = Value(maxDepth, maxBytes);
        if (isTooLarge)
            Errors.AddTooLarge(Path.To(_field), flaw!);
        else if (flaw is not null)
            Fail(flaw);
        return value;
    }

    /// <summary>As <see cref="Json(int, int)"/>, but what is wrong is no error of the request.</summary>
    /// <param name="flaw">What the value does, such as "may have at most …"; <see langword="null"/> when nothing is wrong.</param>
    public byte[]? Json(int maxDepth, int maxBytes, out string? flaw)
    {
        (var value, flaw, _) = Value(maxDepth, maxBytes);
        return value;
    }

    /// <summary>A string without U+0000.</summary>
    public string? Text(int minLength, int maxLength)
    {
        if (!Is(JsonTokenType.String, "must be a string."))
            return null;
        if (!TryText(out var text))
            Fail("is not valid Unicode text.");
        else if (text.Contains('\0'))
            Fail("must not contain U+0000.");
        else if (text.Length < minLength || text.Length > maxLength)
            Fail($"must have {minLength} to {maxLength} characters.");
        else
            return text;
        return null;
    }

    /// <summary>
    /// A string of a report, which is never refused for its text: U+0000 and escaped halves of characters come out as they are,
    /// for <see cref="JobText.Kept"/> to mend.
    /// </summary>
    public string? ReportText()
    {
        if (!Is(JsonTokenType.String, "must be a string."))
            return null;
        return TryText(out var text) ? text : JsonText.Unescape(_json.ValueSpan);
    }

    /// <summary>A string that a rule allows.</summary>
    /// <param name="errorOf">Answers a sentence for what it does not allow.</param>
    public string? Text(Func<string, string?> errorOf)
    {
        if (Text(0, int.MaxValue) is not { } text)
            return null;
        if (errorOf(text) is not { } error)
            return text;
        Fail(error);
        return null;
    }

    /// <summary>An element's string, or nothing where it is something else.</summary>
    public string TextOrEmpty()
    {
        if (_json.TokenType == JsonTokenType.String)
            return TryText(out var text) ? text : "";
        _json.Skip();
        return "";
    }

    /// <summary>A whole number; <c>1.0</c> and <c>1e2</c> are whole.</summary>
    public int? Integer(int min, int max)
    {
        var error = $"must be a whole number from {min} to {max}.";
        if (!Is(JsonTokenType.Number, error))
            return null;
        if (_json.TryGetInt32(out var value) || TryWhole(out value))
        {
            if (value >= min && value <= max)
                return value;
        }

        Fail(error);
        return null;
    }

    public double? Number(double min, double max)
    {
        var error = string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}.");
        if (!Is(JsonTokenType.Number, error))
            return null;
        if (_json.TryGetDouble(out var value) && value >= min && value <= max)
            return value;
        Fail(error);
        return null;
    }

    /// <summary>A number that is made to fit, so that rounding refuses nothing; one too large to be held is infinite.</summary>
    public double? AnyNumber() =>
        Is(JsonTokenType.Number, "must be a number.") && _json.TryGetDouble(out var value) ? value : null;

    public bool? Boolean()
    {
        if (_json.TokenType is JsonTokenType.True or JsonTokenType.False)
            return _json.TokenType == JsonTokenType.True;
        Is(JsonTokenType.True, "must be true or false.");
        return null;
    }

    public DateTimeOffset? Time()
    {
        const string Error = "must be a time as in RFC 3339 with its offset, such as 2026-01-31T12:00:00Z.";
        if (!Is(JsonTokenType.String, Error))
            return null;
        if (TryText(out var text) && Rfc3339.TryParse(text, out var time))
            return time;
        Fail(Error);
        return null;
    }

    /// <summary>One of an enum's words.</summary>
    public TEnum? Word<TEnum>()
        where TEnum : struct, Enum
    {
        var error = $"must be one of {string.Join(", ", Words<TEnum>.All)}.";
        if (!Is(JsonTokenType.String, error))
            return null;
        if (TryText(out var text) && Words<TEnum>.TryParse(text, out var value))
            return value;
        Fail(error);
        return null;
    }

    /// <summary>Whether the value is of a kind; null is absent, and what else it is an error. What is not wanted is skipped.</summary>
    private bool Is(JsonTokenType kind, string error)
    {
        if (_json.TokenType == kind)
            return true;
        if (_json.TokenType != JsonTokenType.Null)
            Fail(error);
        _json.Skip();
        return false;
    }

    private (byte[]? Value, string? Flaw, bool IsTooLarge) Value(int maxDepth, int maxBytes)
    {
        var start = (int)_json.TokenStartIndex;
        var isTooDeep = !Skip(maxDepth);
        var value = _body[start..(int)_json.BytesConsumed];
        if (value.Length > maxBytes)
            return (null, $"may have at most {maxBytes / 1024} KB, and has {(value.Length + 1023) / 1024}.", true);
        return isTooDeep ? (null, $"may be nested at most {maxDepth} levels deep.", false) : (value.ToArray(), null, false);
    }

    /// <summary>Goes to the value's end. False when it is nested deeper.</summary>
    private bool Skip(int maxDepth)
    {
        if (_json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return true;
        var outside = _json.CurrentDepth;
        var levels = 1;
        while (_json.Read() && _json.CurrentDepth > outside)
        {
            if (_json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                levels = Math.Max(levels, _json.CurrentDepth - outside + 1);
        }

        return levels <= maxDepth;
    }

    private readonly bool TryWhole(out int value)
    {
        var ok = _json.TryGetDouble(out var number) && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue;
        value = ok ? (int)number : 0;
        return ok;
    }

    private readonly bool TryText(out string text)
    {
        try
        {
            text = _json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escape stands for half of a character (a lone surrogate).
            text = "";
            return false;
        }
    }

    private readonly string PropertyName() => TryText(out var name) ? name : Encoding.UTF8.GetString(_json.ValueSpan);
}
