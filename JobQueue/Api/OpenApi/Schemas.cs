using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JobQueue.Api.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Explanations;
using JobQueue.Jobs.Model;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>Schemas of what the API reads and writes in a way of its own, which the framework cannot know.</summary>
internal static class Schemas
{
    /// <summary>Marks a schema whose words have a name: see <see cref="VocabularyAttribute"/>.</summary>
    public const string Vocabulary = "jobqueue-vocabulary";

    public static OpenApiSchema OfWords(IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    /// <summary>
    /// As <see cref="OfWords"/>, for words that are no names in a programming language: an enum made of them by NSwag is one that
    /// System.Text.Json cannot read. It makes a string of any of these, and no more than an object of one of these.
    /// </summary>
    public static OpenApiSchema OfConstants(IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.String,
        AnyOf = [.. words.Select(word => new OpenApiSchema { Title = word, Const = word })],
    };

    public static OpenApiSchema Limit() => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = "1",
        Maximum = Paging.MaxLimit.ToString(CultureInfo.InvariantCulture),
        Default = Paging.DefaultLimit,
    };

    /// <summary>A schema's name among the components; <see langword="null"/> for one that stands in its place.</summary>
    public static string? NameOf(JsonTypeInfo type)
    {
        var of = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (of == typeof(RawJson) || of == typeof(JobId))
            return null;
        return type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(ListResponse<>)
            ? type.Type.GenericTypeArguments[0].Name.Replace("Response", "ListResponse", StringComparison.Ordinal)
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
    }

    public static Task Complete(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        var type = context.JsonTypeInfo.Type;
        var isNullable = Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(RawJson))
            (schema.Type, schema.Description) = (null, AttributeOf<DescriptionAttribute>(context)?.Description ?? "Any JSON value.");
        else if (type == typeof(DateTimeOffset))
            SetText("date-time");
        else if (type == typeof(JobId) || type == typeof(Guid))
            SetText("uuid");
        else if (WordsOf(type) is { } words)
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. words.Select(word => (JsonNode)word)]);
        else
            CompleteObject(schema, context.JsonTypeInfo);

        // What a converter of the API's own writes has no shape that the framework sees.
        if (context.JsonTypeInfo.ElementType == typeof(JobId))
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
        if (AttributeOf<VocabularyAttribute>(context) is { } vocabulary)
            (schema.Metadata ??= new Dictionary<string, object>())[Vocabulary] = vocabulary.Name;
        TellDefault(schema);
        return Task.CompletedTask;

        void SetText(string format) =>
            (schema.Type, schema.Format) = (JsonSchemaType.String | (isNullable ? JsonSchemaType.Null : 0), format);
    }

    /// <summary>A request has no other fields than these; a response has them all, but those that are left out when they say nothing.</summary>
    /// <remarks>
    /// A value of any kind may be null, which a schema without a type does not show: NSwag takes a required one for one that never is.
    /// So the document promises no more than that there may be one.
    /// </remarks>
    private static void CompleteObject(OpenApiSchema schema, JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        if (type.Type.Name.EndsWith("Request", StringComparison.Ordinal))
        {
            schema.AdditionalPropertiesAllowed = false;
        }
        else if (schema.Properties is not null)
        {
            schema.Required = type.Properties
                .Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) != true
                    && property.PropertyType != typeof(RawJson?))
                .Select(property => property.Name)
                .ToHashSet();
        }
    }

    /// <summary>In words: generators take a field that has a default for one that is always there.</summary>
    private static void TellDefault(OpenApiSchema schema)
    {
        if (schema.Default is not { } value)
            return;
        schema.Description = $"{schema.Description} Default: `{value.ToJsonString().Trim('"')}`.".TrimStart();
        schema.Default = null;
    }

    private static IReadOnlyList<string>? WordsOf(Type type) =>
        type == typeof(JobStatus) ? Words<JobStatus>.All
        : type == typeof(FailReason) ? Words<FailReason>.All
        : type == typeof(WaitingFor) ? Words<WaitingFor>.All
        : type == typeof(AttemptOutcome) ? Words<AttemptOutcome>.All
        : type == typeof(CallbackOn) ? Words<CallbackOn>.All
        : type == typeof(ExplanationCode) ? Words<ExplanationCode>.All
        : null;

    private static TAttribute? AttributeOf<TAttribute>(OpenApiSchemaTransformerContext context)
        where TAttribute : Attribute =>
        context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(TAttribute), inherit: false) is [TAttribute found, ..] ? found : null;
}
