using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Unicode;
using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using JobQueue.Jobs.Model;
using Microsoft.AspNetCore.WebUtilities;

namespace JobQueue.Api.Requests;

/// <summary>
/// Reads the parameters of a URL strictly: one that nobody asked for, or that is given twice, is an error, so that a misspelt
/// filter is not lost in silence.
/// </summary>
internal sealed class QueryReader
{
    private const int MaxTextLength = 1_000;

    private readonly IQueryCollection _query;
    private readonly FieldErrors _errors = new();
    private readonly List<string> _asked = [];

    public QueryReader(HttpRequest request)
    {
        _query = request.Query;
        // The framework reads what is no text as U+FFFD.
        foreach (var parameter in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (!IsUtf8(parameter.EncodedName.Span) || !IsUtf8(parameter.EncodedValue.Span))
                _errors.Add(Problem.Shorten(parameter.DecodeName().ToString()), "is not valid UTF-8.");
        }
    }

    public string? Text(string name)
    {
        _asked.Add(name);
        if (!_query.TryGetValue(name, out var values))
            return null;
        var text = values.ToString();
        if (values.Count > 1)
            _errors.Add(name, "must not be given more than once.");
        else if (text.Contains('\0'))
            _errors.Add(name, "must not contain U+0000.");
        else if (text.Length > MaxTextLength)
            _errors.Add(name, $"must have at most {MaxTextLength} characters.");
        else
            return text;
        return null;
    }

    public TEnum? Word<TEnum>(string name)
        where TEnum : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        if (Words<TEnum>.TryParse(text, out var value))
            return value;
        _errors.Add(name, $"must be one of {string.Join(", ", Words<TEnum>.All)}.");
        return null;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // A plus that was not escaped in the URL arrives as a space.
        if (Rfc3339.TryParse(text, out var time) || (text.Length > 6 && text[^6] == ' ' && Rfc3339.TryParse($"{text[..^6]}+{text[^5..]}", out time)))
            return time;
        _errors.Add(name, "must be a time as in RFC 3339 with its offset, such as 2026-01-31T12:00:00Z.");
        return null;
    }

    public JobId? Id(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (JobId.TryParse(text, out var id))
            return id;
        _errors.Add(name, "must be a job's id.");
        return null;
    }

    public int Integer(string name, int min, int max, int otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        _errors.Add(name, $"must be a whole number from {min} to {max}.");
        return otherwise;
    }

    public bool Has(string name) => _query.ContainsKey(name);

    public Paging Paging() => new(Text("cursor"), Integer("limit", 1, Requests.Paging.MaxLimit, Requests.Paging.DefaultLimit));

    /// <summary>What is wrong, once everything was asked for; <see langword="null"/> when nothing is.</summary>
    public Problem? ToProblem()
    {
        foreach (var name in _query.Keys)
        {
            if (!_asked.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var known = _asked.Count == 0 ? "This call has none." : $"Known are {string.Join(", ", _asked)}.";
                _errors.Add(Problem.Shorten(name), $"is not a parameter of this call. {known}");
            }
        }

        return _errors.ToProblem();
    }

    /// <summary>For a call that has no parameters.</summary>
    public static Problem? RefuseAny(HttpRequest request) =>
        request.QueryString.HasValue ? new QueryReader(request).ToProblem() : null;

    private static bool IsUtf8(ReadOnlySpan<char> encoded)
    {
        if (!encoded.Contains('%'))
            return true;
        var bytes = new byte[Encoding.UTF8.GetByteCount(encoded)];
        Encoding.UTF8.GetBytes(encoded, bytes);
        return Utf8.IsValid(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length));
    }
}
