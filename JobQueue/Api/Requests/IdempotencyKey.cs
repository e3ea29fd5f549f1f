using System.Text;
using JobQueue.Api.Problems;
using JobQueue.Jobs.Submissions;
using Microsoft.Extensions.Primitives;

namespace JobQueue.Api.Requests;

/// <summary>The key that makes a submission safe to repeat.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>
    /// The header's key, or <see langword="null"/> without one. It may stand bare, or quoted as a Structured Fields string
    /// (RFC 9651), which is what draft-ietf-httpapi-idempotency-key-header asks for.
    /// </summary>
    public static Parsed<string> FromHeader(StringValues header)
    {
        if (header.Count == 0)
            return default;
        if (header.Count > 1)
            return new(null, Problem.Invalid(Header, "must not be given more than once."));
        var text = header.ToString();
        if (text.StartsWith('"') && !TryUnquote(text, out text))
            return new(null, Problem.Invalid(Header, "begins with a quote but is no quoted string."));
        return SubmissionRules.KeyError(text) is { } error ? new(null, Problem.Invalid(Header, error)) : new(text, null);
    }

    private static bool TryUnquote(string quoted, out string text)
    {
        var builder = new StringBuilder(quoted.Length);
        text = "";
        for (var i = 1; i < quoted.Length; i++)
        {
            var letter = quoted[i];
            if (letter == '"')
            {
                text = builder.ToString();
                return i == quoted.Length - 1;
            }

            if (letter == '\\' && (++i == quoted.Length || (letter = quoted[i]) is not ('"' or '\\')))
                return false;
            builder.Append(letter);
        }

        return false;
    }
}
