using JobQueue.Api.Json;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>
/// Says what a call takes and answers, beside the line that maps it. It is documentation alone: reading and checking is the
/// handlers' business.
/// </summary>
internal static class CallDescription
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder builder, string tag, string summary, string? description = null) =>
        builder.WithTags(tag).WithSummary(summary).WithDescription(description ?? $"{summary}.");

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder builder, bool optional = false) =>
        builder.WithMetadata(new TakenBody(typeof(T), optional));

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

    public static RouteHandlerBuilder TakesTenant(this RouteHandlerBuilder builder) =>
        builder.TakesQuery("tenant", "A tenant's name; any but the caller's own needs the scope admin.");

    public static RouteHandlerBuilder TakesPaging(this RouteHandlerBuilder builder) => builder
        .Takes("limit", ParameterLocation.Query, "Items on a page, at most.", Schemas.Limit())
        .TakesQuery("cursor", "The next_cursor of the page before.");

    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder builder, int status, string description, string contentType = JsonAnswer.ContentType) =>
        builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [contentType]) { Description = description });

    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder builder, string description) =>
        builder.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)) { Description = description });

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder builder, params IReadOnlyList<int> statusCodes) =>
        builder.WithMetadata(new FailingWith(statusCodes));

    private static RouteHandlerBuilder Takes(
        this RouteHandlerBuilder builder, string name, ParameterLocation location, string description, OpenApiSchema schema) =>
        builder.WithMetadata(new TakenParameter(name, location, description, schema));
}
