using System.Globalization;
using JobQueue.Access;
using JobQueue.Api.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>Completes a call's description by what its <see cref="CallDescription"/> says, errors and examples included.</summary>
internal sealed class CallTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        AddParameters(operation, metadata);
        if (metadata.OfType<TakenBody>().FirstOrDefault() is { } body)
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
                content.Example = Examples.Of(body.Type);
        }

        foreach (var answer in metadata.OfType<ProducesResponseTypeMetadata>())
            CompleteAnswer(operation, answer, metadata.OfType<TextExample>().FirstOrDefault(text => text.Status == answer.StatusCode));
        foreach (var other in metadata.OfType<OtherAnswer>())
            await AddShapeAsync(operation, other, context, cancellationToken);
        foreach (var problems in CallProblems.Of(metadata, context.Description.HttpMethod))
            CompleteProblems(operation, problems, context.Document!);
        foreach (var header in metadata.OfType<AnsweredHeader>())
            AddHeader(operation, header);

        operation.Security = [];
        var scopes = CallProblems.ScopesOf(metadata).ToList();
        if (scopes.Count > 0)
        {
            operation.Description = $"{operation.Description} Scope: `{string.Join("`, `", scopes)}`.";
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer.Scheme, context.Document)] = [] }];
        }
    }

    private static void AddParameters(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var path in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path))
            path.Description ??= path.Name == "name" ? "The name." : "The id.";
        foreach (var parameter in metadata.OfType<TakenParameter>())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = parameter.In,
                Description = parameter.Description,
                Schema = parameter.Schema,
            });
        }
    }

    private static void CompleteAnswer(OpenApiOperation operation, ProducesResponseTypeMetadata answer, TextExample? text)
    {
        if (AnswerOf(operation, answer.StatusCode) is not { } response)
            return;
        response.Description = answer.Description ?? response.Description;
        foreach (var content in response.Content?.Values ?? [])
            content.Example ??= text?.Text ?? (answer.Type is { } type ? Examples.Of(type) : null);
    }

    private static async Task AddShapeAsync(
        OpenApiOperation operation, OtherAnswer other, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var content in AnswerOf(operation, other.Status)?.Content?.Values ?? [])
        {
            context.Document!.AddComponent(other.Type.Name, await context.GetOrCreateSchemaAsync(other.Type, null, cancellationToken));
            content.Schema = new OpenApiSchema { AnyOf = [content.Schema!, new OpenApiSchemaReference(other.Type.Name, context.Document)] };
        }
    }

    private static void CompleteProblems(OpenApiOperation operation, IGrouping<int, ProblemKind> problems, OpenApiDocument document)
    {
        if (AnswerOf(operation, problems.Key) is not { } response)
            return;
        response.Description = string.Join(' ', problems.Select(kind => $"`{kind.Code}`: {kind.Title}."));
        foreach (var content in response.Content?.Values ?? [])
        {
            content.Examples = problems.ToDictionary(kind => kind.Code, kind =>
            {
                document.AddComponent(kind.Code, new OpenApiExample { Summary = kind.Title, Value = Examples.OfProblem(kind) });
                return (IOpenApiExample)new OpenApiExampleReference(kind.Code, document);
            });
        }

        if (problems.Key == StatusCodes.Status401Unauthorized || problems.Key == StatusCodes.Status403Forbidden)
            AddHeader(operation, new AnsweredHeader(problems.Key, HeaderNames.WWWAuthenticate, "The challenge of RFC 6750.", Always: true));
        if (problems.Key == StatusCodes.Status415UnsupportedMediaType)
            AddHeader(operation, new AnsweredHeader(problems.Key, HeaderNames.AcceptEncoding, "The codings in which a body may come.", Always: false));
        if (problems.Key is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            AddHeader(operation, new AnsweredHeader(
                problems.Key,
                HeaderNames.RetryAfter,
                "Whole seconds after which to come again.",
                Always: problems.Key == StatusCodes.Status503ServiceUnavailable));
        }
    }

    private static void AddHeader(OpenApiOperation operation, AnsweredHeader header)
    {
        if (AnswerOf(operation, header.Status) is not { } response)
            return;
        (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] = new OpenApiHeader
        {
            Description = header.Description,
            Required = header.Always,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
    }

    private static OpenApiResponse? AnswerOf(OpenApiOperation operation, int status) =>
        operation.Responses?.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture)) as OpenApiResponse;
}
