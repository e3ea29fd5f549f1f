using System.Buffers.Text;
using System.Text;

namespace JobQueue.Storage.Queries;

/// <summary>As <see cref="Cursor"/>, for lists by tenant and name.</summary>
internal static class NameCursor
{
    private const char Between = '\n';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(string tenant, string name) => Base64Url.EncodeToString(Strict.GetBytes($"{tenant}{Between}{name}"));

    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public static (string Tenant, string Name) Decode(string cursor)
    {
        try
        {
            if (Strict.GetString(Base64Url.DecodeFromChars(cursor)).Split(Between) is [var tenant, var name])
                return (tenant, name);
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException)
        {
            // Told below.
        }

        throw new InvalidCursorException();
    }
}
