using System.ComponentModel;
using System.Text.Json.Nodes;
using JobQueue.Api.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Explanations;
using JobQueue.Jobs.Model;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>Schemas of what the API writes in a way of its own, which the framework cannot know.</summary>
internal static class Schemas
{
    public static OpenApiSchema OfWords(IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    public static OpenApiSchema Limit() => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = "1",
        Maximum = Paging.MaxLimit.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Default = Paging.DefaultLimit,
    };

    public static Task Complete(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        var type = context.JsonTypeInfo.Type;
        var isNullable = Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(DateTimeOffset))
            Set("date-time");
        else if (type == typeof(JobId) || type == typeof(Guid))
            Set("uuid");
        else if (type == typeof(JobStatus))
            SetWords(Words<JobStatus>.All);
        else if (type == typeof(FailReason))
            SetWords(Words<FailReason>.All);
        else if (type == typeof(WaitingFor))
            SetWords(Words<WaitingFor>.All);
        else if (type == typeof(AttemptOutcome))
            SetWords(Words<AttemptOutcome>.All);
        else if (type == typeof(ExplanationCode))
            SetWords(Words<ExplanationCode>.All);
        else if (type == typeof(RawJson))
            schema.Description = DescriptionOf(context) ?? "Any JSON value.";
        return Task.CompletedTask;

        void Set(string format)
        {
            schema.Type = JsonSchemaType.String | (isNullable ? JsonSchemaType.Null : 0);
            schema.Format = format;
        }

        void SetWords(IReadOnlyList<string> words)
        {
            Set("");
            schema.Format = null;
            schema.Enum = [.. words.Select(word => (JsonNode)word), .. isNullable ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];
        }
    }

    private static string? DescriptionOf(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute found, ..]
            ? found.Description
            : null;
}
