using System.Buffers;

namespace JobQueue.Jobs.Model;

/// <summary>Names of types, queues, tenants and the like.</summary>
public static class Names
{
    public const int MaxLength = 100;
    public const string Rule = "must have 1 to 100 characters out of ASCII letters, digits, '.', '_' and '-'.";
    public const string Pattern = "^[A-Za-z0-9._-]{1,100}$";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(ReadOnlySpan<char> name) => name.Length is > 0 and <= MaxLength && !name.ContainsAnyExcept(Allowed);

    /// <summary>What is wrong with the name, or <see langword="null"/> when all is well.</summary>
    public static string? Error(string name) => IsValid(name) ? null : Rule;
}
