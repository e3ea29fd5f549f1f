using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;

namespace JobQueue.Api.Leases;

/// <summary>Takes many ends of attempts at once, and with them a wish for the next jobs. Thread-safe.</summary>
internal sealed class SettleDesk(IJobStore store, LeaseDesk leases, WorkerDirectory workers, ILogger<SettleDesk> logger)
{
    /// <summary>Ends what it is told to, and answers the wish with what the same transaction leases. No trouble with the wish is one of the ends.</summary>
    /// <param name="scope">Whose leases may be ended: <see langword="null"/> for those of every tenant.</param>
    /// <param name="tenant">Whose jobs are asked for.</param>
    public async Task ServeAsync(HttpContext context, TenantId? scope, TenantId? tenant, SettleCall call)
    {
        using var life = CallLife.OfPoll(context);
        var wish = life.HasEnded ? null : call.Wish;
        using var asking = wish is null ? null : workers.Asking(tenant, wish.Worker, wish.Queues, wish.Types, wish.Max);
        var ends = call.Items.Where(item => item.Lease is not null).Select(item => new AttemptEnd(item.Lease!.Value, item.Outcome)).ToList();
        var (attempts, leasing) = await store.SettleManyAsync(ends, scope, wish is null ? null : leases.RequestFor(tenant, wish), life.End);
        foreach (var held in attempts.OfType<SettledAttempt>().Select(attempt => attempt.Held).Distinct())
            workers.Heard(held);
        var leased = await LeasedAsync(leasing, life);
        if (life.HasEnded)
        {
            await leases.ReleaseAsync(leased);
            leased = [];
        }

        var answer = new SettleResponse(Told(call.Items, attempts), call.Wish is null ? null : [.. leased.Select(LeaseResponse.From)]);
        await leases.AnswerAsync(context, answer, ApiJson.Instance.SettleResponse, leased, refusable: call.Items.Count == 0);
    }

    private static List<SettledItemResponse> Told(IReadOnlyList<SettleItem> items, IReadOnlyList<SettledAttempt?> attempts)
    {
        using var each = attempts.GetEnumerator();
        return [.. items.Select(item => Told(item, item.Lease is not null && each.MoveNext() ? each.Current : null))];
    }

    private static SettledItemResponse Told(SettleItem item, SettledAttempt? attempt) =>
        attempt is null ? new SettledItemResponse(item.Token, Code: ProblemKind.LeaseLost.Code)
        : item.Outcome is null ? new SettledItemResponse(item.Token, item.Lease!.Value.Job, Code: "invalid-result", Detail: $"The result {item.Flaw}")
        : new SettledItemResponse(item.Token, item.Lease!.Value.Job, attempt.Status);

    private async Task<IReadOnlyList<LeasedJob>> LeasedAsync(Task<IReadOnlyList<LeasedJob>> leasing, CallLife life)
    {
        try
        {
            return await leasing;
        }
        catch (OperationCanceledException) when (life.HasEnded)
        {
            return [];
        }
        catch (Exception exception)
        {
            ApiLog.NothingLeased(logger, exception);
            return [];
        }
    }
}
