using System.Text;
using JobQueue.Jobs.Model;

namespace JobQueue.Handlers.Command;

/// <summary>
/// One argument of a listed command: text, and places for values, <c>{name}</c>. Braces of the text itself are doubled. Whatever
/// a value holds, the argument stays one. Immutable.
/// </summary>
internal sealed class ArgumentTemplate
{
    private readonly IReadOnlyList<(string Text, bool IsPlace)> _parts;

    private ArgumentTemplate(IReadOnlyList<(string Text, bool IsPlace)> parts) => _parts = parts;

    public IEnumerable<string> Places => _parts.Where(part => part.IsPlace).Select(part => part.Text);

    /// <returns><see langword="null"/> when a brace is neither doubled nor part of a place.</returns>
    public static ArgumentTemplate? TryParse(string argument)
    {
        var parts = new List<(string Text, bool IsPlace)>();
        var text = new StringBuilder();
        for (var rest = argument.AsSpan(); !rest.IsEmpty;)
        {
            var brace = rest.IndexOfAny('{', '}');
            if (brace < 0)
                brace = rest.Length;
            text.Append(rest[..brace]);
            rest = rest[brace..];
            if (rest.IsEmpty)
                break;
            if (rest.StartsWith("{{") || rest.StartsWith("}}"))
            {
                text.Append(rest[0]);
                rest = rest[2..];
                continue;
            }

            var end = rest.IndexOf('}');
            if (rest[0] == '}' || end < 0 || !Names.IsValid(rest[1..end]))
                return null;
            parts.Add((text.ToString(), false));
            parts.Add((rest[1..end].ToString(), true));
            text.Clear();
            rest = rest[(end + 1)..];
        }

        parts.Add((text.ToString(), false));
        return new ArgumentTemplate(parts);
    }

    /// <param name="values">One for each place.</param>
    public string Fill(IReadOnlyDictionary<string, string> values) =>
        string.Concat(_parts.Select(part => part.IsPlace ? values[part.Text] : part.Text));
}
