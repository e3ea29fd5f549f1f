using System.Buffers;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Api.Requests;

/// <summary>Names of types, queues, tenants and the like.</summary>
internal static class Names
{
    public const string Rule = "must have 1 to 100 characters out of ASCII letters, digits, '.', '_' and '-'.";
    public const string Pattern = "^[A-Za-z0-9._-]{1,100}$";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= SubmissionRules.MaxNameLength && !name.ContainsAnyExcept(Allowed);

    /// <summary>Reads a field that holds a name.</summary>
    public static string? Name(this ref FieldReader body)
    {
        if (body.Text(0, int.MaxValue) is not { } name)
            return null;
        if (IsValid(name))
            return name;
        body.Fail(Rule);
        return null;
    }
}
