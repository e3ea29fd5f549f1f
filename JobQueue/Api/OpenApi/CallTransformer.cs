using System.Globalization;
using System.Text.Json;
using JobQueue.Access;
using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>Completes a call's description by what its <see cref="CallDescription"/> says, errors and examples included.</summary>
internal sealed class CallTransformer : IOpenApiOperationTransformer
{
    private const string ProblemSchema = nameof(ProblemResponse);

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
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

        foreach (var parameter in operation.Parameters ?? [])
        {
            if (parameter is OpenApiParameter { In: ParameterLocation.Path } path)
                path.Description ??= path.Name == "name" ? "The name." : "The id.";
        }

        if (metadata.OfType<TakenBody>().FirstOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.Optional,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [JsonAnswer.ContentType] = new()
                    {
                        Schema = await ReferenceAsync(body.Type, body.Type.Name, context, cancellationToken),
                        Example = Examples.Of(body.Type),
                    },
                },
            };
        }

        foreach (var answer in metadata.OfType<ProducesResponseTypeMetadata>())
            CompleteAnswer(operation, answer, metadata.OfType<TextExample>().FirstOrDefault(text => text.Status == answer.StatusCode));
        await AddErrorsAsync(operation, context, metadata, cancellationToken);
        AddHeaders(operation);
        operation.OperationId ??= operation.Summary is { } summary ? ToName(summary) : null;
    }

    /// <summary>"Submit a job" is called submitAJob in generated clients.</summary>
    private static string ToName(string summary) =>
        JsonNamingPolicy.CamelCase.ConvertName(string.Concat(summary.Split(' ', '-', '\'').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));

    private static void AddHeaders(OpenApiOperation operation)
    {
        var limited = operation.Responses?.ContainsKey("429") == true;
        var replays = operation.Responses?.ContainsKey("422") == true;
        foreach (var (status, answer) in operation.Responses ?? [])
        {
            if (status == "201")
                AddHeader(answer, HeaderNames.Location, "Where it is found.");
            if (status == "200" && replays)
                AddHeader(answer, IdempotencyKey.ReplayedHeader, "true.");
            if (status is "429" or "503")
                AddHeader(answer, HeaderNames.RetryAfter, "Whole seconds after which to come again.");
            if (limited && status is "201" or "429")
            {
                AddHeader(answer, RateLimitHeaders.Policy, "The tenant's limits: \"per-minute\";q=10;w=60.");
                AddHeader(answer, RateLimitHeaders.Limit, "What is left of them: \"per-minute\";r=9;t=60.");
            }
        }
    }

    private static void AddHeader(IOpenApiResponse answer, string name, string description)
    {
        if (answer is OpenApiResponse response)
        {
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] =
                new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
    }

    private static void CompleteAnswer(OpenApiOperation operation, ProducesResponseTypeMetadata answer, TextExample? text)
    {
        var status = answer.StatusCode.ToString(CultureInfo.InvariantCulture);
        if (operation.Responses?.GetValueOrDefault(status) is not OpenApiResponse response)
            return;
        response.Description = answer.Description ?? response.Description;
        foreach (var content in response.Content?.Values ?? [])
            content.Example ??= text?.Text ?? (answer.Type is { } type ? Examples.Of(type) : null);
    }

    private static async Task AddErrorsAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> metadata, CancellationToken cancellationToken)
    {
        var codes = new SortedSet<int>(metadata.OfType<FailingWith>().SelectMany(failing => failing.StatusCodes));
        var scopes = metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Where(Scopes.IsKnown).ToList();
        if (scopes.Count > 0)
        {
            codes.UnionWith([401, 403, 500, 503]);
            operation.Description = $"{operation.Description} Scope: `{string.Join("`, `", scopes)}`.";
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer.Scheme, context.Document)] = [] },
            ];
        }

        foreach (var code in codes)
        {
            (operation.Responses ??= [])[code.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(code),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.ContentType] = new()
                    {
                        Schema = await ReferenceAsync(typeof(ProblemResponse), ProblemSchema, context, cancellationToken),
                        Example = Examples.OfProblem(code),
                    },
                },
            };
        }
    }

    /// <summary>The schema once among the document's components, and a reference to it here.</summary>
    private static async Task<OpenApiSchemaReference> ReferenceAsync(
        Type type, string name, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(name) != true)
            document.AddComponent(name, await context.GetOrCreateSchemaAsync(type, null, cancellationToken));
        return new OpenApiSchemaReference(name, document);
    }
}
