using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries;

namespace JobQueue.Api.Jobs;

/// <summary>What every command about one job has in common: it answers the job, or why not.</summary>
internal static class JobControl
{
    public delegate Task<ControlResult> Command(JobId id, Actor actor, CancellationToken cancellationToken);

    /// <param name="wrongState">Reads on from "The job".</param>
    public static async Task<IResult> RunAsync(
        string id, HttpContext context, JobQueries jobs, Command command, string wrongState, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        if (!JobId.TryParse(id, out var jobId))
            return Problem.JobNotFound(id);
        var caller = context.Caller();
        var result = await command(jobId, caller.ActorFrom(context), cancellationToken);
        if (result == ControlResult.NotFound || await jobs.FindAsync(caller.Scope, jobId, cancellationToken) is not { } job)
            return Problem.JobNotFound(id);
        return result switch
        {
            ControlResult.Changed => JobAnswer.Of(job, refusable: false),
            ControlResult.CancelRequested => JobAnswer.Of(job, StatusCodes.Status202Accepted, refusable: false),
            _ => Problem.WrongState(job, $"The job {wrongState}. It is {Words<JobStatus>.Of(job.Status)}."),
        };
    }
}
