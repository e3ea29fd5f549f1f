using System.Diagnostics;
using System.Runtime.CompilerServices;
using JobQueue.Api.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Queries;
using JobQueue.Tenants;

namespace JobQueue.Api.Jobs;

/// <summary>
/// A batch's answer: 201, or 200 when every member was there before. Those that were are read while it is written, a few at a
/// time: a thousand of them may be a gigabyte.
/// </summary>
internal sealed class BatchAnswer(IReadOnlyList<SubmitResult> items, TenantId tenant, JobQueries jobs, TenantUsage usage) : IResult
{
    private const int ReadAtOnce = 100;
    private const long BytesReadAtOnce = 1 << 20;

    private readonly List<JobId> _replayed = [.. items.OfType<SubmitResult.Replayed>().Select(item => item.Id)];

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var allReplayed = _replayed.Count == items.Count;
        if (allReplayed)
            httpContext.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        RateLimitHeaders.Write(httpContext.Response, usage);
        var status = allReplayed ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        if (_replayed.Count > 0)
        {
            return new WeightyAnswer<BatchStreamResponse>(
                new BatchStreamResponse(ReadAsync()), ApiJson.Instance.BatchStreamResponse, BytesReadAtOnce, status, refusable: false)
                .ExecuteAsync(httpContext);
        }

        var accepted = items.Cast<SubmitResult.Accepted>().Select(item => item.Job).ToList();
        return new WeightyAnswer<BatchResponse>(
            new BatchResponse(accepted.ConvertAll(JobResponse.From)), ApiJson.Instance.BatchResponse, accepted.Sum(job => job.Bytes), status, refusable: false)
            .ExecuteAsync(httpContext);
    }

    private async IAsyncEnumerable<JobResponse> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var read = new Queue<Job>();
        var begun = 0;
        foreach (var item in items)
        {
            if (item is SubmitResult.Accepted accepted)
            {
                yield return JobResponse.From(accepted.Job);
                continue;
            }

            if (read.Count == 0)
            {
                var next = _replayed.GetRange(begun, Math.Min(ReadAtOnce, _replayed.Count - begun));
                foreach (var job in await jobs.FindManyAsync(tenant, next, cancellationToken, maxBytes: BytesReadAtOnce))
                    read.Enqueue(job);
            }

            begun++;
            if (!read.TryDequeue(out var replayed))
                throw new UnreachableException("A key is kept as long as its job.");
            yield return JobResponse.From(replayed) with { Replayed = true };
        }
    }
}
