using System.IO.Pipelines;
using System.Net;
using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Api.OpenApi;
using JobQueue.Bench.Load;
using JobQueue.Bench.Raw;
using JobQueue.Handlers;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Store;
using JobQueue.Storage;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace JobQueue.Bench;

/// <summary>The real server on a database of its own, with a tenant without limits and a job type that does nothing.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    /// <summary>Paused but while it is drained: here jobs gather.</summary>
    public const string Backlog = "backlog";

    /// <summary>Here jobs run as they come.</summary>
    public const string Live = "live";

    public const string NoopPath = "/bench/noop";

    public static readonly Actor Actor = new("bench", null, null);

    private readonly WebApplication _app;
    private long _commits;

    private BenchServer(WebApplication app)
    {
        _app = app;
        Store = app.Services.GetRequiredService<IJobStore>();
        Handler = app.Services.GetServices<HandlerEntry>().OfType<BenchHandler>().Single();
        Slow = app.Services.GetServices<HandlerEntry>().OfType<BenchSlowHandler>().Single();
        Feed = app.Services.GetRequiredService<JobFeed>();
        Done = new Completions(Feed);
        app.Services.GetRequiredService<StoreObserver>().OnCommitted((_, _) => Interlocked.Increment(ref _commits));
    }

    public IJobStore Store { get; }

    public BenchHandler Handler { get; }

    public BenchSlowHandler Slow { get; }

    public JobFeed Feed { get; }

    public Completions Done { get; }

    /// <summary>Commits, each with one flush, since the server started.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Cancelled when the process is told to end.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public TenantId Tenant { get; private set; }

    /// <summary>A bearer token that may submit, read and work.</summary>
    public string Token { get; private set; } = "";

    public IPEndPoint Address
    {
        get
        {
            var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return IPEndPoint.Parse(new Uri(address).Authority);
        }
    }

    public static async Task<BenchServer> StartAsync(
        BenchOptions options, BenchScratch scratch, string database, CancellationToken cancellationToken)
    {
        string[] settings =
        [
            "--Logging:LogLevel:Default=Warning",
            "--Logging:LogLevel:JobQueue.Telemetry.JobEventLog=Information",
            .. options.Settings,
            "--urls=http://127.0.0.1:0",
            .. options.Storage is { } storage
                ? ["--Storage:Provider=Postgres", $"--ConnectionStrings:JobQueue={storage}"]
                : (string[])[$"--ConnectionStrings:JobQueue={BenchScratch.ConnectionString(database)}"],
            $"--Logs:Directory={scratch.Logs}",
            $"--Workers:Count={options.Workers}",
            "--Demo:Enabled=false",
            // Nobody will come to set it up.
            "--Bootstrap:AdminUser=bench",
            $"--Bootstrap:AdminPassword={Guid.NewGuid():N}",
            // What a filled database holds must not be swept away meanwhile.
            "--Retention:DoneDays=36500",
            "--Retention:FailedDays=36500",
        ];
        var app = Program.BuildServer(settings, builder => builder.Services.AddSingleton<HandlerEntry, BenchHandler>().AddSingleton<HandlerEntry, BenchSlowHandler>());
        // What the server costs without the queue: the same request, authenticated and read, and nothing stored.
        app.MapPost(NoopPath, ReadAsync).RequireAuthorization(Scopes.JobsSubmit).WithMetadata(new TakenBody(typeof(object), Optional: false));
        var server = new BenchServer(app);
        await app.StartAsync(cancellationToken);
        server.Tenant = await app.Services.GetRequiredService<TenantStore>().EnsureAsync("bench", TenantLimits.None, cancellationToken);
        var token = await app.Services.GetRequiredService<ITokens>().CreateAsync(
            new NewTokenRequest("bench", "bench", [Scopes.JobsSubmit, Scopes.JobsRead, Scopes.JobsWork], null, "command", Demo: false, Secret: null, RemoteAddress: null),
            cancellationToken);
        server.Token = token.Secret;
        await server.PauseAsync(cancellationToken);
        return server;
    }

    /// <summary>Makes tenants.</summary>
    /// <param name="limits"><see langword="null"/> for none.</param>
    public async Task<IReadOnlyList<TenantId>> EnsureTenantsAsync(
        IEnumerable<string> names, CancellationToken cancellationToken, TenantLimits? limits = null)
    {
        var tenants = _app.Services.GetRequiredService<TenantStore>();
        return await Task.WhenAll(names.Select(name => tenants.EnsureAsync(name, limits ?? TenantLimits.None, cancellationToken)));
    }

    /// <summary>What the overview asks for, of all tenants.</summary>
    public async Task ReadOverviewAsync(CancellationToken cancellationToken)
    {
        var stats = _app.Services.GetRequiredService<StatsQueries>();
        await stats.TotalAsync(null, cancellationToken);
        await stats.MinutesAsync(null, 60, cancellationToken);
        await stats.WaitingAsync(null, cancellationToken);
        await _app.Services.GetRequiredService<QueueQueries>().PausedAsync(null, 200, cancellationToken);
        await _app.Services.GetRequiredService<DeadLetterGroupQueries>().ListAsync(new DeadLetterFilter(), null, 50, cancellationToken);
    }

    public Task PauseAsync(CancellationToken cancellationToken) =>
        Store.PauseQueueAsync(Tenant, Backlog, null, null, Actor, cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) =>
        Store.ResumeQueueAsync(Tenant, Backlog, Actor, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        Done.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<IResult> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var body = context.Request.BodyReader;
        ReadResult part;
        do
        {
            part = await body.ReadAsync(cancellationToken);
            body.AdvanceTo(part.Buffer.End);
        }
        while (!part.IsCompleted);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }
}
