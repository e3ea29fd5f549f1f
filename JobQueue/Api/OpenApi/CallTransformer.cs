using System.Globalization;
using JobQueue.Access;
using JobQueue.Api.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
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
            CompleteAnswer(operation, answer);
        await AddErrorsAsync(operation, context, metadata, cancellationToken);
    }

    private static void CompleteAnswer(OpenApiOperation operation, ProducesResponseTypeMetadata answer)
    {
        var status = answer.StatusCode.ToString(CultureInfo.InvariantCulture);
        if (operation.Responses?.GetValueOrDefault(status) is not OpenApiResponse response)
            return;
        response.Description = answer.Description ?? response.Description;
        foreach (var content in response.Content?.Values ?? [])
            content.Example ??= answer.Type is { } type ? Examples.Of(type) : null;
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
