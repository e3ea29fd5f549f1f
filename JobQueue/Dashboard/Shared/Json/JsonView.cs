using System.Text;
using System.Text.Json;
using JobQueue.Dashboard.Shared.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace JobQueue.Dashboard.Shared.Json;

/// <summary>
/// JSON to fold and unfold. Numbers and strings are shown as they are spelt, never read into a type that would round them.
/// </summary>
public sealed class JsonView : ComponentBase
{
    /// <summary>Beyond this the text is shown as it is: thousands of nodes would be slow for the browser and the circuit.</summary>
    private const int MaxNodes = 1_500;

    private const int MaxTextBytes = 64 * 1024;
    private const int MaxStringBytes = 4 * 1024;
    private ReadOnlyMemory<byte> _drawn;

    /// <summary>UTF-8.</summary>
    [Parameter, EditorRequired]
    public ReadOnlyMemory<byte> Json { get; set; }

    /// <summary>The first time a component is drawn unasked.</summary>
    protected override void OnInitialized() => _drawn = Json;

    protected override bool ShouldRender()
    {
        if (_drawn.Span.SequenceEqual(Json.Span))
            return false;
        _drawn = Json;
        return true;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "div");
        builder.AddAttribute(1, "class", "json");
        builder.AddAttribute(2, "tabindex", "0");
        builder.AddAttribute(3, "role", "region");
        builder.AddAttribute(4, "aria-label", "JSON");
        if (CountNodes(Json.Span) > MaxNodes)
        {
            WriteText(builder);
        }
        else
        {
            var reader = new Utf8JsonReader(Json.Span);
            reader.Read();
            WriteValue(builder, ref reader, null);
        }

        builder.CloseElement();
    }

    private static int CountNodes(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var nodes = 0;
        while (nodes <= MaxNodes && reader.Read())
            nodes += reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject or JsonTokenType.PropertyName ? 0 : 1;
        return nodes;
    }

    private void WriteText(RenderTreeBuilder builder)
    {
        builder.OpenElement(10, "pre");
        builder.AddContent(11, Encoding.UTF8.GetString(Json.Span[..Math.Min(Json.Length, MaxTextBytes)]));
        builder.CloseElement();
        if (Json.Length <= MaxTextBytes)
            return;
        builder.OpenElement(12, "p");
        builder.AddAttribute(13, "class", "muted");
        builder.AddContent(14, $"The first {Amounts.Bytes(MaxTextBytes)} of {Amounts.Bytes(Json.Length)}. Copy or download the rest.");
        builder.CloseElement();
    }

    private static void WriteValue(RenderTreeBuilder builder, ref Utf8JsonReader reader, string? name)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            WriteContainer(builder, ref reader, name);
            return;
        }

        builder.OpenElement(20, "div");
        builder.AddAttribute(21, "class", "json-line");
        WriteName(builder, name);
        builder.OpenElement(22, "span");
        builder.AddAttribute(23, "class", reader.TokenType switch
        {
            JsonTokenType.String => "json-string",
            JsonTokenType.Number => "json-number",
            _ => "json-word",
        });
        builder.AddContent(24, reader.TokenType == JsonTokenType.String ? Quote(reader.ValueSpan) : Encoding.UTF8.GetString(reader.ValueSpan));
        builder.CloseElement();
        builder.CloseElement();
    }

    private static void WriteContainer(RenderTreeBuilder builder, ref Utf8JsonReader reader, string? name)
    {
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        var size = SizeOf(reader);
        builder.OpenElement(30, "details");
        builder.AddAttribute(31, "open", true);
        builder.OpenElement(32, "summary");
        WriteName(builder, name);
        builder.AddContent(33, isObject ? "{" : "[");
        builder.OpenElement(34, "span");
        builder.AddAttribute(35, "class", "json-size");
        builder.AddContent(36, isObject ? Amounts.Of(size, "field") : Amounts.Of(size, "item"));
        builder.CloseElement();
        builder.AddContent(37, isObject ? "}" : "]");
        builder.CloseElement();
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            string? member = null;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                member = Quote(reader.ValueSpan);
                reader.Read();
            }

            WriteValue(builder, ref reader, member);
        }

        builder.CloseElement();
    }

    private static int SizeOf(Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var size = 0;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth == depth + 1
                && reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject))
            {
                size++;
            }
        }

        return size;
    }

    private static void WriteName(RenderTreeBuilder builder, string? name)
    {
        if (name is null)
            return;
        builder.OpenElement(40, "span");
        builder.AddAttribute(41, "class", "json-name");
        builder.AddContent(42, name);
        builder.CloseElement();
        builder.AddContent(43, ": ");
    }

    private static string Quote(ReadOnlySpan<byte> raw) => raw.Length <= MaxStringBytes
        ? $"\"{Encoding.UTF8.GetString(raw)}\""
        : $"\"{Encoding.UTF8.GetString(raw[..MaxStringBytes])}… ({Amounts.Bytes(raw.Length)})";
}
