using JobQueue.Access;
using JobQueue.Api.Jobs;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.Leases;

/// <summary>Workers in any language: lease, heartbeat, and one of ack, fail and release.</summary>
internal static class LeasesEndpoints
{
    private const string Tag = "Workers";

    public static void MapLeases(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/leases", LeaseAsync)
            .RequireAuthorization(Scopes.JobsWork)
            .Describe(Tag, "leaseJobs", "Lease jobs", "Waits up to wait_seconds for a first one; empty when there is none. An administrator gets jobs of every tenant unless they name one.")
            .Takes<LeaseWishRequest>()
            .TakesTenant()
            .Answers<LeasesResponse>(StatusCodes.Status200OK, "The leases, each good for one attempt.");
        routes.MapPost("/leases/settle", SettleManyAsync)
            .RequireAuthorization(Scopes.JobsWork)
            .Describe(Tag, "settleLeases", "End attempts and lease the next jobs", "Many ends and a wish for jobs in one call and one commit. A lost lease does not spoil the others, nor does a result that cannot be stored.")
            .Takes<SettleRequest>()
            .TakesTenant()
            .Answers<SettleResponse>(StatusCodes.Status200OK, "What became of each end, and the next leases.");
        routes.MapPost("/leases/{lease_token}/heartbeat", HeartbeatAsync)
            .RequireAuthorization(Scopes.JobsWork)
            .Describe(Tag, "heartbeatLease", "Extend a lease", "Carries progress and log lines, which are readable when it is answered. No heartbeat extends an attempt beyond the job's timeout_seconds.")
            .Takes<HeartbeatRequest>(optional: true)
            .Answers<HeartbeatResponse>(StatusCodes.Status200OK, "How long the lease lives, and whether to stop.")
            .Fails(ProblemKind.LeaseLost);
        routes.MapPost("/leases/{lease_token}/ack", AckAsync)
            .RequireAuthorization(Scopes.JobsWork)
            .Describe(Tag, "ackLease", "Finish a job", "The job is done.")
            .Takes<AckRequest>(optional: true)
            .Answers<JobResponse>(StatusCodes.Status200OK, "The job, done.")
            .Fails(ProblemKind.LeaseLost, ProblemKind.PayloadTooLarge);
        routes.MapPost("/leases/{lease_token}/fail", FailAsync)
            .RequireAuthorization(Scopes.JobsWork)
            .Describe(Tag, "failLease", "Fail an attempt", "The job is tried again later while it has retries left; else it stands in the dead letter queue.")
            .Takes<FailRequest>()
            .Answers<JobResponse>(StatusCodes.Status200OK, "The job as it is now.")
            .Fails(ProblemKind.LeaseLost);
        routes.MapPost("/leases/{lease_token}/release", ReleaseAsync)
            .RequireAuthorization(Scopes.JobsWork)
            .Describe(Tag, "releaseLease", "Hand a job back", "Nothing is counted: the job is ready again at once.")
            .Answers<JobResponse>(StatusCodes.Status200OK, "The job as it is now.")
            .Fails(ProblemKind.LeaseLost);
    }

    private static async Task LeaseAsync(
        HttpContext context, RequestBody bodies, TenantStore tenants, LeaseDesk desk, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        var problem = query.ToProblem() ?? scope.Problem;
        var body = problem is null ? await bodies.ReadAsync(context, LeaseReader.ReadWish) : default;
        if ((problem ?? body.Problem) is { } refusal)
            await refusal.ExecuteAsync(context);
        else
            await desk.ServeAsync(context, scope.Value, body.Value!);
    }

    private static async Task SettleManyAsync(
        HttpContext context,
        RequestBody bodies,
        SettleReader reader,
        TenantStore tenants,
        IJobLeases store,
        SettleDesk desk,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var tenant = await query.ScopeAsync(context, tenants, cancellationToken);
        var problem = query.ToProblem() ?? tenant.Problem;
        if (problem is null)
            await store.RoomAsync(cancellationToken);
        var body = problem is null ? await bodies.ReadAsync(context, reader.Read, mend: true, refusable: false) : default;
        if ((problem ?? body.Problem) is { } refusal)
            await refusal.ExecuteAsync(context);
        else
            await desk.ServeAsync(context, context.Caller().Scope, tenant.Value, body.Value!);
    }

    private static async Task<Results<Ok<HeartbeatResponse>, Problem>> HeartbeatAsync(
        [FromRoute(Name = "lease_token")] string leaseToken,
        HttpContext context,
        RequestBody bodies,
        IJobLeases store,
        JobQueries jobs,
        WorkerDirectory workers,
        CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        await store.RoomAsync(cancellationToken);
        var body = await bodies.ReadAsync(context, LeaseReader.ReadHeartbeat, optional: true, mend: true, refusable: false);
        if (body.Problem is not null)
            return body.Problem;
        var (progress, lines) = body.Value!;
        var scope = context.Caller().Scope;
        if (!LeaseToken.TryParse(leaseToken, out var lease)
            || await store.HeartbeatAsync(lease, scope, progress, lines, cancellationToken) is not { } result)
        {
            return await LostAsync(lease, context, jobs, cancellationToken);
        }

        if (result.Held is { } held)
            workers.Heard(held);
        return TypedResults.Ok(new HeartbeatResponse(result.LeaseExpiresAt, result.CancelRequested));
    }

    private static async Task<IResult> AckAsync(
        [FromRoute(Name = "lease_token")] string leaseToken,
        HttpContext context,
        RequestBody bodies,
        IOptions<JobsOptions> options,
        IJobStore store,
        JobQueries jobs,
        WorkerDirectory workers,
        CancellationToken cancellationToken)
    {
        var maxBytes = options.Value.MaxPayloadKilobytes * 1_024;
        await store.RoomAsync(cancellationToken);
        var body = await bodies.ReadAsync(context, (ref FieldReader fields) => LeaseReader.ReadAck(ref fields, maxBytes), optional: true, refusable: false);
        return body.Problem ?? await SettleAsync(leaseToken, body.Value!, context, store, jobs, workers, cancellationToken);
    }

    private static async Task<IResult> FailAsync(
        [FromRoute(Name = "lease_token")] string leaseToken,
        HttpContext context,
        RequestBody bodies,
        IJobStore store,
        JobQueries jobs,
        WorkerDirectory workers,
        CancellationToken cancellationToken)
    {
        await store.RoomAsync(cancellationToken);
        var body = await bodies.ReadAsync(context, LeaseReader.ReadFail, mend: true, refusable: false);
        return body.Problem ?? await SettleAsync(leaseToken, body.Value!, context, store, jobs, workers, cancellationToken);
    }

    private static Task<IResult> ReleaseAsync(
        [FromRoute(Name = "lease_token")] string leaseToken,
        HttpContext context,
        IJobStore store,
        JobQueries jobs,
        WorkerDirectory workers,
        CancellationToken cancellationToken) =>
        SettleAsync(leaseToken, new JobOutcome.Released(), context, store, jobs, workers, cancellationToken);

    private static async Task<IResult> SettleAsync(
        string leaseToken,
        JobOutcome outcome,
        HttpContext context,
        IJobStore store,
        JobQueries jobs,
        WorkerDirectory workers,
        CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        var scope = context.Caller().Scope;
        if (!LeaseToken.TryParse(leaseToken, out var lease)
            || await store.SettleAndReadAsync(lease, scope, outcome, cancellationToken) is not { } job)
        {
            return await LostAsync(lease, context, jobs, cancellationToken);
        }

        if (job.Worker is { } worker)
            workers.Heard(new HeldJobInfo(worker, job.TenantId, job.Queue, job.Type));
        return JobAnswer.Of(job, refusable: false);
    }

    private static async Task<Problem> LostAsync(
        LeaseToken lease, HttpContext context, JobQueries jobs, CancellationToken cancellationToken) =>
        Problem.LeaseLost(await jobs.FindAsync(context.Caller().Scope, lease.Job, cancellationToken));
}
