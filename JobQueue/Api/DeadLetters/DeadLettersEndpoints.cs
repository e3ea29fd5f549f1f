using JobQueue.Access;
using JobQueue.Api.Jobs;
using JobQueue.Api.Json;
using JobQueue.Api.Memory;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.DeadLetters;

internal static class DeadLettersEndpoints
{
    private const string Tag = "Dead letter queue";

    private enum RequeueField
    {
        Payload,
    }

    private delegate Task<BulkResult> BulkCommand(DeadLetterFilter filter, bool dryRun, Actor actor, CancellationToken cancellationToken);

    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dlq", ListAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe(Tag, "listDeadLetters", "List dead letters", "Last dead first. All filters given must hold.")
            .TakesFilters()
            .TakesTenant()
            .TakesPaging()
            .Answers<ListResponse<DeadLetterResponse>>(StatusCodes.Status200OK, "One page.");
        routes.MapGet("/dlq/groups", GroupsAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe(Tag, "listDeadLetterGroups", "List dead letters by kind of failure", "Latest first, each with its true count and its first and last time.")
            .TakesFilters()
            .TakesTenant()
            .TakesPaging()
            .Answers<ListResponse<DeadLetterGroupResponse>>(StatusCodes.Status200OK, "One page.");
        routes.MapGet("/dlq/{job_id}", FindAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe(Tag, "getDeadLetter", "Read a dead letter")
            .Answers<DeadLetterResponse>(StatusCodes.Status200OK, "The entry.")
            .Fails(ProblemKind.NotFound);
        routes.MapPost("/dlq/{job_id}/requeue", RequeueAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "requeueDeadLetter", "Run a dead job again", "It keeps its id and history, and may get a mended payload.")
            .Takes<RequeueRequest>(optional: true)
            .Answers<JobResponse>(StatusCodes.Status200OK, "The job, pending again.")
            .Fails(ProblemKind.NotFound, ProblemKind.WrongState, ProblemKind.PayloadTooLarge);
        routes.MapDelete("/dlq/{job_id}", DiscardAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "discardDeadLetter", "Discard a dead letter", "The job stays, failed for the reason discarded.")
            .AnswersNothing("Discarded.")
            .Fails(ProblemKind.NotFound, ProblemKind.WrongState);
        routes.MapPost("/dlq/requeue", RequeueManyAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "requeueDeadLetters", "Run many dead jobs again", "What dies after the call began is not touched.")
            .Takes<BulkRequest>()
            .TakesTenant()
            .Answers<BulkResponse>(StatusCodes.Status200OK, "How many.");
        routes.MapPost("/dlq/discard", DiscardManyAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "discardDeadLetters", "Discard many dead letters", "What dies after the call began is not touched.")
            .Takes<BulkRequest>()
            .TakesTenant()
            .Answers<BulkResponse>(StatusCodes.Status200OK, "How many.");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, DeadLetterQueries deadLetters, TenantStore tenants, CallMemory memory, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var filter = ReadFilter(query);
        var paging = query.Paging();
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        var room = await memory.TakePageAsync(context);
        var page = await deadLetters.ListAsync(
            filter with { Tenant = scope.Value }, paging.Cursor, paging.Limit, cancellationToken, maxBytes: memory.PageBytes);
        return new WeightyAnswer<ListResponse<DeadLetterResponse>>(
            page.ToListResponse(DeadLetterResponse.From),
            ApiJson.Instance.ListResponseDeadLetterResponse,
            page.Items.Sum(entry => (long)entry.Payload.Length),
            room: room);
    }

    private static async Task<Results<Ok<ListResponse<DeadLetterGroupResponse>>, Problem>> GroupsAsync(
        HttpContext context, DeadLetterGroupQueries groups, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var filter = ReadFilter(query);
        var paging = query.Paging();
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        var page = await groups.ListAsync(filter with { Tenant = scope.Value }, paging.Cursor, paging.Limit, cancellationToken);
        return page.ToResponse(DeadLetterGroupResponse.From);
    }

    private static async Task<IResult> FindAsync(
        [FromRoute(Name = "job_id")] string id,
        HttpContext context,
        DeadLetterQueries deadLetters,
        CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        return JobId.TryParse(id, out var jobId)
            && await deadLetters.FindAsync(context.Caller().Scope, jobId, cancellationToken) is { } entry
            ? new WeightyAnswer<DeadLetterResponse>(DeadLetterResponse.From(entry), ApiJson.Instance.DeadLetterResponse, entry.Payload.Length)
            : NotFound(id);
    }

    private static async Task<IResult> RequeueAsync(
        [FromRoute(Name = "job_id")] string id,
        HttpContext context,
        RequestBody bodies,
        IOptions<JobsOptions> options,
        IJobStore store,
        JobQueries jobs,
        CancellationToken cancellationToken)
    {
        var maxBytes = options.Value.MaxPayloadKilobytes * 1_024;
        var body = await bodies.ReadAsync(context, (ref FieldReader fields) => ReadPayload(ref fields, maxBytes), optional: true);
        if (body.Problem is not null)
            return body.Problem;
        var payload = body.Value is { } bytes ? bytes : default(ReadOnlyMemory<byte>?);
        return await JobControl.RunAsync(
            id,
            context,
            jobs,
            (jobId, actor, token) => store.RequeueAsync(jobId, payload, actor, token),
            "does not stand in the dead letter queue",
            cancellationToken);
    }

    private static async Task<IResult> DiscardAsync(
        [FromRoute(Name = "job_id")] string id,
        HttpContext context,
        IJobStore store,
        JobQueries jobs,
        CancellationToken cancellationToken)
    {
        var answer = await JobControl.RunAsync(
            id, context, jobs, store.DiscardAsync, "does not stand in the dead letter queue", cancellationToken);
        return answer is WeightyAnswer<JobResponse> ? TypedResults.NoContent() : answer;
    }

    private static Task<IResult> RequeueManyAsync(
        HttpContext context, RequestBody bodies, TenantStore tenants, IJobStore store, CancellationToken cancellationToken) =>
        RunBulkAsync(context, bodies, tenants, store.RequeueManyAsync, cancellationToken);

    private static Task<IResult> DiscardManyAsync(
        HttpContext context, RequestBody bodies, TenantStore tenants, IJobStore store, CancellationToken cancellationToken) =>
        RunBulkAsync(context, bodies, tenants, store.DiscardManyAsync, cancellationToken);

    private static async Task<IResult> RunBulkAsync(
        HttpContext context, RequestBody bodies, TenantStore tenants, BulkCommand command, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        var body = await bodies.ReadAsync(context, BulkReader.Read);
        if (body.Problem is not null)
            return body.Problem;
        var (filter, dryRun) = body.Value!;
        var result = await command(
            filter with { Tenant = scope.Value }, dryRun, context.Caller().ActorFrom(context), cancellationToken);
        return TypedResults.Ok(new BulkResponse(result.Matched, result.Changed));
    }

    private static byte[]? ReadPayload(ref FieldReader body, int maxBytes)
    {
        var seen = new FieldSet();
        byte[]? payload = null;
        while (body.Next(ref seen, out RequeueField _))
            payload = body.Json(SubmissionRules.MaxDepth, maxBytes);
        return payload;
    }

    private static DeadLetterFilter ReadFilter(QueryReader query) => new()
    {
        Queue = query.Text("queue"),
        Type = query.Text("type"),
        Reason = query.Word<FailReason>("reason"),
        Text = query.Text("q"),
        Fingerprint = query.Text("fingerprint"),
        DeadAfter = query.Time("dead_after"),
        DeadBefore = query.Time("dead_before"),
    };

    private static RouteHandlerBuilder TakesFilters(this RouteHandlerBuilder builder) => builder
        .TakesQuery("queue", "The queue's name.")
        .TakesQuery("type", "The type's name.")
        .TakesWord<FailReason>("reason", "Why the job failed.")
        .TakesQuery("q", "Text in type, error or idempotency key, whatever its case and accents' spelling; or an id, with or without hyphens, or six digits of one.")
        .TakesQuery("fingerprint", "Failures of one kind.")
        .TakesTime("dead_after", "Dead at this time or later.")
        .TakesTime("dead_before", "Dead before this time.");

    private static Problem NotFound(string id) =>
        Problem.NotFound($"There is no dead letter of a job with the id '{Problem.Shorten(id)}'.");
}
