using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace JobQueue.Api.Requests;

/// <summary>The fields a JSON object may have: an enum's names in snake_case.</summary>
internal static class FieldNames<TField>
    where TField : struct, Enum
{
    private static readonly TField[] Values = Enum.GetValues<TField>();
    private static readonly string[] Names =
        [.. Values.Select(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()))];
    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Finds the field whose name the reader stands at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryFind(ref Utf8JsonReader json, out TField field, out string name, out int number)
    {
        var isText = !json.ValueIsEscaped || IsText(ref json);
        for (number = 0; isText && number < Utf8Names.Length; number++)
        {
            if (!json.ValueTextEquals(Utf8Names[number]))
                continue;
            (field, name) = (Values[number], Names[number]);
            return true;
        }

        (field, name) = (default, "");
        return false;
    }

    /// <summary>Whether no escape of the name stands for half of a character (a lone surrogate), which the reader compares with nothing.</summary>
    private static bool IsText(ref Utf8JsonReader json)
    {
        try
        {
            _ = json.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A sentence for who named another.</summary>
    public static string Known { get; } = Names.Length == 0 ? "It has none." : $"Known are {string.Join(", ", Names)}.";
}
