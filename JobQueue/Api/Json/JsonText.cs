using System.Globalization;
using System.Text;

namespace JobQueue.Api.Json;

/// <summary>A JSON string as it was meant, also where it holds escaped halves of characters, at which the framework's reader gives up.</summary>
internal static class JsonText
{
    /// <param name="escaped">What stands between the quotes of a string that is well-formed JSON.</param>
    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var rest = Encoding.UTF8.GetString(escaped).AsSpan();
        var text = new StringBuilder(rest.Length);
        for (int escape; (escape = rest.IndexOf('\\')) >= 0;)
        {
            text.Append(rest[..escape]);
            var (meant, length) = rest[escape + 1] switch
            {
                'u' => ((char)ushort.Parse(rest.Slice(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 6),
                'b' => ('\b', 2),
                'f' => ('\f', 2),
                'n' => ('\n', 2),
                'r' => ('\r', 2),
                't' => ('\t', 2),
                var itself => (itself, 2),
            };
            text.Append(meant);
            rest = rest[(escape + length)..];
        }

        return text.Append(rest).ToString();
    }
}
