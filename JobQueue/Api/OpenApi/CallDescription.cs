using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>
/// Says what a call takes and answers, beside the line that maps it. It is documentation alone: reading and checking is the
/// handlers' business.
/// </summary>
internal static class CallDescription
{
    /// <param name="builder">The call.</param>
    /// <param name="tag">Whose company it stands in.</param>
    /// <param name="id">The call's name in generated clients: it never changes, as a path does not.</param>
    /// <param name="summary">A few words.</param>
    /// <param name="description">Sentences; the summary's words when there is no more to say.</param>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder builder, string tag, string id, string summary, string? description = null) =>
        builder.WithTags(tag).WithName(id).WithSummary(summary).WithDescription(description ?? $"{summary}.");

    /// <param name="builder">The call.</param>
    /// <param name="optional">Whether no body, or the body <c>null</c>, is fine.</param>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder builder, bool optional = false) => builder
        .WithMetadata(new TakenBody(typeof(T), optional))
        .Fails(ProblemKind.RequestTimeout, ProblemKind.BodyTooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.UnsupportedCoding);

    public static RouteHandlerBuilder TakesHeader(this RouteHandlerBuilder builder, string name, string description) =>
        builder.Takes(name, ParameterLocation.Header, description, new OpenApiSchema { Type = JsonSchemaType.String });

    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder builder, string name, string description) =>
        builder.Takes(name, ParameterLocation.Query, description, new OpenApiSchema { Type = JsonSchemaType.String });

    public static RouteHandlerBuilder TakesTime(this RouteHandlerBuilder builder, string name, string description) =>
        builder.Takes(
            name, ParameterLocation.Query, description, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });

    public static RouteHandlerBuilder TakesWord<TEnum>(this RouteHandlerBuilder builder, string name, string description)
        where TEnum : struct, Enum =>
        builder.Takes(name, ParameterLocation.Query, description, Schemas.OfWords(Words<TEnum>.All));

    public static RouteHandlerBuilder TakesTenant(this RouteHandlerBuilder builder) => builder
        .TakesQuery("tenant", "A tenant's name; any but the caller's own needs the scope admin.")
        .Fails(ProblemKind.NotFound);

    public static RouteHandlerBuilder TakesPaging(this RouteHandlerBuilder builder) => builder
        .Takes("limit", ParameterLocation.Query, "Items on a page, at most.", Schemas.Limit())
        .TakesQuery("cursor", "The next_cursor of the page before.")
        .Fails(ProblemKind.InvalidCursor);

    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder builder, int status, string description, string contentType = JsonAnswer.ContentType) =>
        builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [contentType]) { Description = description });

    /// <summary>A second shape of an answer that <see cref="Answers"/> tells of.</summary>
    public static RouteHandlerBuilder OrAnswers<T>(this RouteHandlerBuilder builder, int status) =>
        builder.WithMetadata(new OtherAnswer(status, typeof(T)));

    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder builder, string description) =>
        builder.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)) { Description = description });

    /// <summary>A header that an answer always carries.</summary>
    public static RouteHandlerBuilder AnswersHeader(this RouteHandlerBuilder builder, int status, string name, string description) =>
        builder.WithMetadata(new AnsweredHeader(status, name, description, Always: true));

    public static RouteHandlerBuilder AnswersLocation(this RouteHandlerBuilder builder) =>
        builder.AnswersHeader(StatusCodes.Status201Created, HeaderNames.Location, "The path of what was made.");

    /// <summary>The <see cref="RateLimitHeaders"/>, with the answers that tell a tenant of its limits.</summary>
    public static RouteHandlerBuilder AnswersLimits(this RouteHandlerBuilder builder, params IReadOnlyList<int> statusCodes)
    {
        foreach (var status in statusCodes)
        {
            builder.WithMetadata(
                new AnsweredHeader(status, RateLimitHeaders.Policy, "The tenant's limits, where it has some: `\"per-minute\";q=10;w=60`.", Always: false),
                new AnsweredHeader(status, RateLimitHeaders.Limit, "What is left of them: `\"per-minute\";r=9;t=60`.", Always: false));
        }

        return builder;
    }

    /// <summary>A call's own errors; those that every call has are added to them: see <see cref="CallProblems"/>.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder builder, params IReadOnlyList<ProblemKind> kinds) =>
        builder.WithMetadata(new FailingWith(kinds));

    private static RouteHandlerBuilder Takes(
        this RouteHandlerBuilder builder, string name, ParameterLocation location, string description, OpenApiSchema schema) =>
        builder.WithMetadata(new TakenParameter(name, location, description, schema));
}
