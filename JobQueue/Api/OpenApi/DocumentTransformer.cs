using JobQueue.Access;
using JobQueue.Access.Users;
using JobQueue.Api.Events;
using JobQueue.Api.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>What the document says of the API as a whole.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    private const string Description =
        """
        A durable job queue: submit work, have it done once it is due, see what became of it.

        Every error is a problem document (RFC 9457) with a `code` that never changes. Beside those told with each call, any
        address may answer `404` `not-found` (there is nothing), `405` `method-not-allowed` (with the header `Allow`), `414`
        `address-too-long` (over 8 KB) and `431` `headers-too-large` (over 32 KB); the demo alone also `400` `unknown-host` (not a
        name of this machine). A body may come compressed, with `Content-Encoding` `br`, `deflate` or `gzip`; limits count what it
        unpacks to. A request that is no HTTP, or far beyond these sizes, is refused with a bare status and a closed
        connection.

        `HEAD` is answered wherever `GET` is, with the same head.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Jobs", "Submit jobs and see what became of them."),
        ("Workers", "Run jobs in any language: lease, heartbeat, and one of ack, fail and release."),
        ("Events", "What happens to jobs, as it happens."),
        ("Dead letter queue", "Jobs that failed for good, to run again or to discard."),
        ("Queues", "Queues need no creation: a job's queue is there with it."),
        ("Limits and counts", "What a tenant may use, and what it uses."),
        ("Types", "What kinds of jobs can be run here."),
        ("Administration", "Tenants, tokens, users and the audit log."),
        ("Operation", "For load balancers and monitoring."),
    ];

    private static readonly Dictionary<string, Func<OpenApiSchema>> Vocabularies = new()
    {
        [VocabularyAttribute.Scope] = () => Schemas.OfConstants(Scopes.All),
        [VocabularyAttribute.Role] = () => Schemas.OfWords(Roles.All),
        [VocabularyAttribute.ProblemCode] = () => Schemas.OfConstants(ProblemKind.All.Select(kind => kind.Code)),
        [VocabularyAttribute.EventName] = () => Schemas.OfConstants(EventNames.OfJobs),
        [VocabularyAttribute.ResetName] = () => new OpenApiSchema { Type = JsonSchemaType.String, Const = EventNames.Reset },
    };

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "JobQueue",
            Version = typeof(Program).Assembly.GetName().Version!.ToString(3),
            Description = Description,
        };
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        document.AddComponent(Bearer.Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API token, which belongs to one tenant and carries scopes.",
        });
        NameVocabularies(document);
        return Task.CompletedTask;
    }

    /// <summary>Puts each set of words among the components, where generators make one type of it.</summary>
    private static void NameVocabularies(OpenApiDocument document)
    {
        foreach (var schema in (document.Components?.Schemas?.Values ?? []).OfType<OpenApiSchema>().ToList())
        {
            foreach (var (name, property) in schema.Properties?.ToList() ?? [])
            {
                if (property is not OpenApiSchema { Metadata: { } metadata } of || !metadata.TryGetValue(Schemas.Vocabulary, out var found))
                    continue;
                var vocabulary = (string)found;
                document.AddComponent<IOpenApiSchema>(vocabulary, Vocabularies[vocabulary]());
                var words = new OpenApiSchemaReference(vocabulary, document);
                if (of.Type?.HasFlag(JsonSchemaType.Array) == true)
                    of.Items = words;
                else if (of.Type?.HasFlag(JsonSchemaType.Null) == true)
                    schema.Properties![name] = new OpenApiSchema { Description = of.Description, OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, words] };
                else
                    schema.Properties![name] = new OpenApiSchemaReference(vocabulary, document) { Description = of.Description };
            }
        }
    }
}
