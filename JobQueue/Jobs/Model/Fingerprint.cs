using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace JobQueue.Jobs.Model;

/// <summary>Names the kind of a failure: equal for failures that differ only in numbers and ids. Pure, in linear time.</summary>
public static class Fingerprint
{
    /// <summary>UUIDs, hexadecimal runs, and numbers. Nobody's message is worth a search that goes back and tries again.</summary>
    private static readonly Regex Varying = new(
        @"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\b0x[0-9a-fA-F]+\b|\b[0-9a-fA-F]{6,}\b|[0-9]+([.,][0-9]+)*",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>16 hexadecimal digits.</summary>
    public static string Of(string jobType, JobError error)
    {
        var shape = Varying.Replace(error.Message, match => IsWord(match.ValueSpan) ? match.Value : "#");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{jobType}\n{error.Type}\n{shape}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    /// <summary>A word may consist of the letters a to f alone.</summary>
    private static bool IsWord(ReadOnlySpan<char> match) => !match.ContainsAnyInRange('0', '9') && !match.Contains('-');
}
