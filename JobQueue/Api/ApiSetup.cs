using JobQueue.Api.Administration;
using JobQueue.Api.DeadLetters;
using JobQueue.Api.Events;
using JobQueue.Api.Jobs;
using JobQueue.Api.Json;
using JobQueue.Api.Leases;
using JobQueue.Api.Memory;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Operation;
using JobQueue.Api.Origins;
using JobQueue.Api.Problems;
using JobQueue.Api.Queues;
using JobQueue.Api.Requests;
using JobQueue.Api.Tenants;
using JobQueue.Api.Types;
using JobQueue.Jobs;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JobQueue.Api;

internal static class ApiSetup
{
    private const long UnreadBytes = 128 << 10;

    public static void AddApi(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CallMemory>();
        services.AddRequestDecompression();
        services.AddSingleton<RequestBody>();
        CompressedAnswers.Register(services);
        services.AddSingleton<SubmissionReader>();
        services.AddSingleton<SettleReader>();
        services.AddSingleton<LeaseDesk>();
        services.AddSingleton<SettleDesk>();
        services.AddSingleton<StreamPlaces>();
        services.AddSingleton<DocumentEndpoint>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<JobsOptions>>((kestrel, jobs) =>
        {
            kestrel.Limits.MaxRequestBodySize = jobs.Value.MaxBodyMegabytes * 1_048_576L;
            // What a connection takes in before its call looks at it, or while the call waits for room: a megabyte by default.
            kestrel.Limits.MaxRequestBufferSize = UnreadBytes;
            RequestBounds.Allow(kestrel.Limits);
        });
        services.AddOtherOrigins();
        services.ConfigureHttpJsonOptions(options =>
        {
            ApiJson.Configure(options.SerializerOptions);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        services.AddOpenApi(DocumentEndpoint.Name, options =>
        {
            options.CreateSchemaReferenceId = Schemas.NameOf;
            options.AddSchemaTransformer(Schemas.Complete);
            options.AddOperationTransformer(new CallTransformer());
            options.AddDocumentTransformer(new DocumentTransformer());
        });
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, CallExplorer>());
    }

    /// <summary>Stands before routing, for pages and files as well.</summary>
    public static void UseHeadCalls(this WebApplication app) => app.Use(HeadCall.ServeAsync);

    /// <summary>Makes every error on an API path a problem document. Stands before all that may refuse a request.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseOtherOrigins();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseWhen(CompressedAnswers.AreMeant, static api => api.UseResponseCompression());
        app.UseWebSockets();
    }

    /// <summary>Stands where the caller is known.</summary>
    public static void UseApiRules(this WebApplication app) => app.UseMiddleware<NoBody>();

    public static void MapApi(this WebApplication app)
    {
        DocumentEndpoint.Map(app);
        DocsPage.Map(app);
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
        app.MapSigningSecrets();
        app.MapTokens();
        app.MapUsers();
        app.MapAudit();
        app.MapOperation();
    }
}
