using JobQueue.Access;
using JobQueue.Api.Administration;
using JobQueue.Api.DeadLetters;
using JobQueue.Api.Events;
using JobQueue.Api.Jobs;
using JobQueue.Api.Json;
using JobQueue.Api.Leases;
using JobQueue.Api.Memory;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Operation;
using JobQueue.Api.Problems;
using JobQueue.Api.Queues;
using JobQueue.Api.Requests;
using JobQueue.Api.Tenants;
using JobQueue.Api.Types;
using JobQueue.Jobs;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace JobQueue.Api;

internal static class ApiSetup
{
    private const string Document = "v1";
    private const long UnreadBytes = 128 << 10;

    public static void AddApi(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CallMemory>();
        services.AddSingleton<RequestBody>();
        services.AddSingleton<SubmissionReader>();
        services.AddSingleton<LeaseDesk>();
        services.AddSingleton<StreamPlaces>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<JobsOptions>>((kestrel, jobs) =>
        {
            kestrel.Limits.MaxRequestBodySize = jobs.Value.MaxBodyMegabytes * 1_048_576L;
            // What a connection takes in before its call looks at it, or while the call waits for room: a megabyte by default.
            kestrel.Limits.MaxRequestBufferSize = UnreadBytes;
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            ApiJson.Configure(options.SerializerOptions);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        services.AddOpenApi(Document, options =>
        {
            options.AddSchemaTransformer(Schemas.Complete);
            options.AddOperationTransformer(new CallTransformer());
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "JobQueue",
                    Version = Document,
                    Description = "A durable job queue: submit work, have it done once it is due, see what became of it.",
                };
                document.AddComponent(Bearer.Scheme, new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "An API token, which belongs to one tenant and carries scopes.",
                });
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Makes every error on an API path a problem document. Stands before all that may refuse a request.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseWebSockets();
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapSubmit();
        app.MapJobs();
        app.MapExplain();
        app.MapLeases();
        app.MapEvents();
        app.MapDeadLetters();
        app.MapQueues();
        app.MapTenantUse();
        app.MapTypes();
        app.MapTenants();
        app.MapTokens();
        app.MapUsers();
        app.MapAudit();
        app.MapOperation();
    }
}
