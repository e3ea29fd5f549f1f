using System.Diagnostics;
using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Queries;
using Microsoft.Net.Http.Headers;

namespace JobQueue.Api.Jobs;

internal static class SubmitEndpoints
{
    public static void MapSubmit(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/jobs", SubmitAsync)
            .RequireAuthorization(Scopes.JobsSubmit)
            .Describe("Jobs", "submitJob", "Submit a job", "Accepts one job. It is on disk when the answer comes.")
            .Takes<SubmitRequest>()
            .TakesHeader(IdempotencyKey.Header, "Makes the call safe to repeat, as the field idempotency_key does; bare or quoted.")
            .Answers<JobResponse>(StatusCodes.Status201Created, "The job was accepted.")
            .AnswersLocation()
            .Answers<JobResponse>(StatusCodes.Status200OK, "The same request came before: its job as it is now.")
            .AnswersHeader(StatusCodes.Status200OK, IdempotencyKey.ReplayedHeader, "`true`.")
            .AnswersLimits(201, 400, 429)
            .Fails(ProblemKind.LimitIsZero, ProblemKind.PayloadTooLarge, ProblemKind.KeyReused, ProblemKind.RateLimitExceeded, ProblemKind.BacklogFull, ProblemKind.TooManyLanes);
        routes.MapPost("/jobs/batch", SubmitManyAsync)
            .RequireAuthorization(Scopes.JobsSubmit)
            .Describe("Jobs", "submitJobs", "Submit many jobs", "Accepts 1 to 1,000 jobs in one commit, all or none.")
            .Takes<BatchRequest>()
            .Answers<BatchResponse>(StatusCodes.Status201Created, "The jobs, in the order given.")
            .Answers<BatchResponse>(StatusCodes.Status200OK, "Every member's key was used before: the jobs as they are now.")
            .AnswersHeader(StatusCodes.Status200OK, IdempotencyKey.ReplayedHeader, "`true`.")
            .AnswersLimits(200, 201, 400, 429)
            .Fails(ProblemKind.BatchLargerThanLimit, ProblemKind.LimitIsZero, ProblemKind.PayloadTooLarge, ProblemKind.KeyReused, ProblemKind.RateLimitExceeded, ProblemKind.BacklogFull, ProblemKind.TooManyLanes);
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        RequestBody bodies,
        SubmissionReader submissions,
        IJobStore store,
        JobQueries jobs,
        CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        if (!store.TakesSubmissions())
            return Problem.Overloaded();
        var key = IdempotencyKey.FromHeader(context.Request.Headers[IdempotencyKey.Header]);
        if (key.Problem is not null)
            return key.Problem;
        var origin = OriginOf(context);
        var submission = await bodies.ReadAsync(
            context, (ref FieldReader body) => submissions.Read(ref body, origin, key.Value));
        if (submission.Problem is not null)
            return submission.Problem;

        switch (await store.SubmitAsync(submission.Value!, cancellationToken))
        {
            case SubmitResult.Accepted accepted:
                return new JobCreated(accepted.Job, accepted.Usage);
            case SubmitResult.Replayed replayed:
                return await jobs.FindAsync(origin.Tenant, replayed.Id, cancellationToken) is { } job
                    ? new JobReplayed(job)
                    : Problem.JobNotFound(replayed.Id.ToString());
            case SubmitResult.KeyReused reused:
                return Problem.KeyReused(reused.Id);
            case SubmitResult.OverLimit over:
                return Problem.OverLimit(over.Reason, over.Usage);
            default:
                throw new UnreachableException();
        }
    }

    private static async Task<IResult> SubmitManyAsync(
        HttpContext context,
        RequestBody bodies,
        SubmissionReader submissions,
        IJobStore store,
        JobQueries jobs,
        CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        if (!store.TakesSubmissions())
            return Problem.Overloaded();
        if (context.Request.Headers.ContainsKey(IdempotencyKey.Header))
            return Problem.Invalid(IdempotencyKey.Header, "has no meaning for a batch: give each member a key in its field idempotency_key.");
        var origin = OriginOf(context);
        var batch = await bodies.ReadAsync(context, (ref FieldReader body) => submissions.ReadBatch(ref body, origin));
        if (batch.Problem is not null)
            return batch.Problem;

        switch (await store.SubmitManyAsync(batch.Value!, cancellationToken))
        {
            case BatchSubmitResult.Accepted accepted:
                return new BatchAnswer(accepted.Items, origin.Tenant, jobs, accepted.Usage);
            case BatchSubmitResult.KeyReused reused:
                return Problem.KeyReused(reused.Id, reused.Index);
            case BatchSubmitResult.OverLimit over:
                return Problem.OverLimit(over.Reason, over.Usage);
            default:
                throw new UnreachableException();
        }
    }

    private static SubmissionOrigin OriginOf(HttpContext context)
    {
        var token = context.Caller().Token;
        string? parent = context.Request.Headers[HeaderNames.TraceParent];
        TraceParent? trace = parent is not null && ActivityContext.TryParse(parent, null, out var submitting)
            ? new TraceParent(submitting.TraceId, submitting.SpanId)
            : null;
        return new SubmissionOrigin(token.TenantId, token.ActorName, trace);
    }
}
