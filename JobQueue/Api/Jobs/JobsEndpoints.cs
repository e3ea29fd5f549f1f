using JobQueue.Access;
using JobQueue.Api.Json;
using JobQueue.Api.Memory;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;

namespace JobQueue.Api.Jobs;

internal static class JobsEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/jobs", ListAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Jobs", "listJobs", "List jobs", "Newest first. All filters given must hold.")
            .TakesWord<JobStatus>("status", "Where the job stands.")
            .TakesWord<FailReason>("reason", "Why it failed.")
            .TakesQuery("queue", "The queue's name.")
            .TakesQuery("type", "The type's name.")
            .TakesQuery("tag", "One of its tags.")
            .TakesQuery("q", "Text in type, error or idempotency key, whatever its case and accents' spelling; or an id, with or without hyphens, or six digits of one.")
            .TakesTime("created_after", "Accepted at this time or later.")
            .TakesTime("created_before", "Accepted before this time.")
            .TakesTenant()
            .TakesPaging()
            .Answers<ListResponse<JobResponse>>(StatusCodes.Status200OK, "One page.");
        routes.MapGet("/jobs/{id}", FindAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Jobs", "getJob", "Read a job")
            .Answers<JobResponse>(StatusCodes.Status200OK, "The job.")
            .Fails(ProblemKind.NotFound);
        routes.MapGet("/jobs/{id}/attempts", AttemptsAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Jobs", "listJobAttempts", "List a job's attempts", "First to last, in one page: a job has few.")
            .Answers<ListResponse<AttemptResponse>>(StatusCodes.Status200OK, "The attempts.")
            .Fails(ProblemKind.NotFound);
        routes.MapGet("/jobs/{id}/logs", LogsAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Jobs", "listJobLogs", "Read a job's log", "The lines its attempts wrote, first to last.")
            .TakesPaging()
            .Answers<ListResponse<LogLineResponse>>(StatusCodes.Status200OK, "One page.")
            .Fails(ProblemKind.NotFound);
        routes.MapPost("/jobs/{id}/cancel", CancelAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe("Jobs", "cancelJob", "Cancel a job", "A pending job ends at once; a running one is told to stop.")
            .Answers<JobResponse>(StatusCodes.Status200OK, "The job was pending and has ended.")
            .Answers<JobResponse>(StatusCodes.Status202Accepted, "The job runs and was told to stop.")
            .Fails(ProblemKind.NotFound, ProblemKind.WrongState);
        routes.MapPost("/jobs/{id}/retry", RetryAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe("Jobs", "retryJob", "Run a failed job again", "It keeps its id and history; its dead letter goes.")
            .Answers<JobResponse>(StatusCodes.Status200OK, "The job, pending again.")
            .Fails(ProblemKind.NotFound, ProblemKind.WrongState);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, JobQueries jobs, TenantStore tenants, CallMemory memory, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var filter = new JobFilter
        {
            Status = query.Word<JobStatus>("status"),
            Reason = query.Word<FailReason>("reason"),
            Queue = query.Text("queue"),
            Type = query.Text("type"),
            Tag = query.Text("tag"),
            Text = query.Text("q"),
            CreatedAfter = query.Time("created_after"),
            CreatedBefore = query.Time("created_before"),
        };
        var paging = query.Paging();
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        var room = await memory.TakePageAsync(context);
        var page = await jobs.ListAsync(
            filter with { Tenant = scope.Value }, paging.Cursor, paging.Limit, withPayloads: true, cancellationToken, memory.PageBytes);
        return new WeightyAnswer<ListResponse<JobResponse>>(
            page.ToListResponse(JobResponse.From), ApiJson.Instance.ListResponseJobResponse, page.Items.Sum(job => job.Bytes), room: room);
    }

    private static async Task<IResult> FindAsync(
        string id, HttpContext context, JobQueries jobs, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        return JobId.TryParse(id, out var jobId) && await jobs.FindAsync(context.Caller().Scope, jobId, cancellationToken) is { } job
            ? JobAnswer.Of(job)
            : Problem.JobNotFound(id);
    }

    private static async Task<IResult> AttemptsAsync(
        string id, HttpContext context, JobQueries jobs, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        if (!JobId.TryParse(id, out var jobId)
            || await jobs.AttemptsAsync(context.Caller().Scope, jobId, cancellationToken) is not { } attempts)
        {
            return Problem.JobNotFound(id);
        }

        return new WeightyAnswer<ListResponse<AttemptResponse>>(
            new Page<JobAttempt>(attempts, null).ToListResponse(AttemptResponse.From),
            ApiJson.Instance.ListResponseAttemptResponse,
            attempts.Sum(attempt => attempt.Error?.Message.Length ?? 0));
    }

    private static async Task<IResult> LogsAsync(
        string id, HttpContext context, JobQueries jobs, CallMemory memory, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var paging = query.Paging();
        if (query.ToProblem() is { } problem)
            return problem;
        var seen = paging.Cursor is { } cursor ? NumberCursor.Decode(cursor) : 0;
        var room = await memory.TakePageAsync(context);
        if (!JobId.TryParse(id, out var jobId)
            || await jobs.LogsAsync(context.Caller().Scope, jobId, (int)seen, paging.Limit, cancellationToken, memory.PageBytes) is not { } page)
        {
            return Problem.JobNotFound(id);
        }

        return new WeightyAnswer<ListResponse<LogLineResponse>>(
            page.ToListResponse(LogLineResponse.From), ApiJson.Instance.ListResponseLogLineResponse, page.Items.Sum(line => line.Bytes), room: room);
    }

    private static Task<IResult> CancelAsync(
        string id, HttpContext context, IJobStore store, JobQueries jobs, CancellationToken cancellationToken) =>
        JobControl.RunAsync(id, context, jobs, store.CancelAsync, "has already ended: there is nothing to cancel", cancellationToken);

    private static Task<IResult> RetryAsync(
        string id, HttpContext context, IJobStore store, JobQueries jobs, CancellationToken cancellationToken) =>
        JobControl.RunAsync(id, context, jobs, store.RetryAsync, "has not failed: there is nothing to run again", cancellationToken);
}
