using JobQueue.Access;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Queues;

internal static class QueuesEndpoints
{
    private const string Tag = "Queues";
    private const int MaxReasonLength = 500;

    private enum PauseField
    {
        Reason,
        Until,
    }

    public static void MapQueues(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/queues", ListAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe(Tag, "listQueues", "List queues", "Each that has a job kept or is paused, by tenant and name.")
            .TakesTenant()
            .TakesPaging()
            .Answers<ListResponse<QueueResponse>>(StatusCodes.Status200OK, "One page.");
        routes.MapPost("/queues/{name}/pause", PauseAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "pauseQueue", "Pause a queue", "No job starts from it; those that run go on. It need not exist yet.")
            .Takes<PauseRequest>(optional: true)
            .TakesTenant()
            .Answers<QueueResponse>(StatusCodes.Status200OK, "The queue.");
        routes.MapPost("/queues/{name}/resume", ResumeAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "resumeQueue", "Resume a queue")
            .TakesTenant()
            .Answers<QueueResponse>(StatusCodes.Status200OK, "The queue.");
    }

    private static async Task<Results<Ok<ListResponse<QueueResponse>>, Problem>> ListAsync(
        HttpContext context, QueueQueries queues, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var paging = query.Paging();
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        return (await queues.PageAsync(scope.Value, paging.Cursor, paging.Limit, cancellationToken)).ToResponse(QueueResponse.From);
    }

    private static async Task<Results<Ok<QueueResponse>, Problem>> PauseAsync(
        string name,
        HttpContext context,
        RequestBody bodies,
        TenantStore tenants,
        IJobStore store,
        QueueQueries queues,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var tenant = await TenantAsync(name, context, tenants, cancellationToken);
        if (tenant.Problem is not null)
            return tenant.Problem;
        var now = time.GetUtcNow();
        var body = await bodies.ReadAsync(context, (ref FieldReader fields) => ReadPause(ref fields, now), optional: true);
        if (body.Problem is not null)
            return body.Problem;
        var pause = body.Value!;
        await store.PauseQueueAsync(
            tenant.Value!.Value, name, pause.Reason, pause.Until, context.Caller().ActorFrom(context), cancellationToken);
        return TypedResults.Ok(QueueResponse.From(await queues.FindAsync(tenant.Value.Value, name, cancellationToken)));
    }

    private static async Task<Results<Ok<QueueResponse>, Problem>> ResumeAsync(
        string name,
        HttpContext context,
        TenantStore tenants,
        IJobStore store,
        QueueQueries queues,
        CancellationToken cancellationToken)
    {
        var tenant = await TenantAsync(name, context, tenants, cancellationToken);
        if (tenant.Problem is not null)
            return tenant.Problem;
        await store.ResumeQueueAsync(tenant.Value!.Value, name, context.Caller().ActorFrom(context), cancellationToken);
        return TypedResults.Ok(QueueResponse.From(await queues.FindAsync(tenant.Value.Value, name, cancellationToken)));
    }

    private static async ValueTask<Parsed<TenantId?>> TenantAsync(
        string name, HttpContext context, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var tenant = await query.OneTenantAsync(context, tenants, cancellationToken);
        if (query.ToProblem() is { } problem)
            return new(null, problem);
        return Names.IsValid(name) ? tenant : new(null, Problem.Invalid("name", Names.Rule));
    }

    private static PauseRequest ReadPause(ref FieldReader body, DateTimeOffset now)
    {
        var seen = new FieldSet();
        string? reason = null;
        DateTimeOffset? until = null;
        while (body.Next(ref seen, out PauseField field))
        {
            if (field == PauseField.Reason)
                reason = body.Text(0, MaxReasonLength);
            else if ((until = body.Time()) <= now)
                body.Fail("must be in the future.");
        }

        return new PauseRequest { Reason = reason, Until = until };
    }
}
