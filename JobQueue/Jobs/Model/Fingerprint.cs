using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace JobQueue.Jobs.Model;

/// <summary>Names the kind of a failure: equal for failures that differ only in numbers and ids. Pure.</summary>
public static partial class Fingerprint
{
    /// <summary>16 hexadecimal digits.</summary>
    public static string Of(string jobType, JobError error)
    {
        var shape = Varying().Replace(error.Message, "#");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{jobType}\n{error.Type}\n{shape}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    /// <summary>UUIDs, hexadecimal runs that hold a digit, and numbers.</summary>
    [GeneratedRegex(@"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\b0x[0-9a-fA-F]+\b|\b(?=[a-fA-F]*[0-9])[0-9a-fA-F]{6,}\b|[0-9]+([.,][0-9]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
