using JobQueue.Access.Users;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries;

namespace JobQueue.Dashboard.Serving;

/// <summary>Payloads and results byte for byte, for copying and downloading.</summary>
internal static class RawJson
{
    public static async Task<IResult> GetAsync(HttpContext http, string id, string part, JobQueries jobs)
    {
        if (Viewer.From(http.User) is not { } viewer
            || !JobId.TryParse(id, out var jobId)
            || await jobs.FindAsync(viewer.Scope, jobId, http.RequestAborted) is not { } job)
        {
            return Results.NotFound();
        }

        ReadOnlyMemory<byte>? json = part switch
        {
            "payload" => job.Payload,
            "original" => job.OriginalPayload,
            "result" => job.Result,
            _ => null,
        };
        return json is { } bytes
            ? Results.Bytes(bytes, "application/json; charset=utf-8", $"{job.Id}-{part}.json")
            : Results.NotFound();
    }
}
