using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;

namespace JobQueue.Api.Leases;

/// <summary>Takes many ends of attempts at once, and with them a wish for the next jobs. Thread-safe.</summary>
internal sealed class SettleDesk(IJobStore store, LeaseDesk leases, WorkerDirectory workers)
{
    /// <summary>Ends what it is told to, and answers the wish with what the same transaction leases. No trouble with the wish is one of the ends.</summary>
    /// <param name="scope">Whose leases may be ended: <see langword="null"/> for those of every tenant.</param>
    /// <param name="tenant">Whose jobs are asked for.</param>
    public async Task ServeAsync(HttpContext context, TenantId? scope, TenantId? tenant, SettleCall call)
    {
        using var life = CallLife.OfPoll(context);
        // Posted before the wish, so that the wish finds them done.
        var settling = SettleAsync(call.Items, scope);
        var leased = call.Wish is { } wish ? await LeaseIfAnyAsync(tenant, wish, life) : [];
        IReadOnlyList<SettledItemResponse> items;
        try
        {
            items = await settling;
        }
        catch
        {
            await leases.ReleaseAsync(leased);
            throw;
        }

        if (life.HasEnded)
        {
            await leases.ReleaseAsync(leased);
            leased = [];
        }

        var answer = new SettleResponse(items, call.Wish is null ? null : [.. leased.Select(LeaseResponse.From)]);
        await leases.AnswerAsync(context, answer, ApiJson.Instance.SettleResponse, leased, refusable: false);
    }

    private async Task<IReadOnlyList<SettledItemResponse>> SettleAsync(IReadOnlyList<SettleItem> items, TenantId? scope)
    {
        var ends = items.Where(item => item.Lease is not null).Select(item => new AttemptEnd(item.Lease!.Value, item.Outcome)).ToList();
        var settled = ends.Count == 0 ? [] : await store.SettleManyAsync(ends, scope, CancellationToken.None);
        foreach (var held in settled.OfType<SettledAttempt>().Select(attempt => attempt.Held).Distinct())
            workers.Heard(held);
        using var attempts = settled.GetEnumerator();
        return [.. items.Select(item => Told(item, item.Lease is not null && attempts.MoveNext() ? attempts.Current : null))];
    }

    private static SettledItemResponse Told(SettleItem item, SettledAttempt? attempt) =>
        attempt is null ? new SettledItemResponse(item.Token, Code: ProblemKind.LeaseLost.Code)
        : item.Outcome is null ? new SettledItemResponse(item.Token, item.Lease!.Value.Job, Code: "invalid-result", Detail: $"The result {item.Flaw}")
        : new SettledItemResponse(item.Token, item.Lease!.Value.Job, attempt.Status);

    private async Task<IReadOnlyList<LeasedJob>> LeaseIfAnyAsync(TenantId? tenant, LeaseWish wish, CallLife life)
    {
        try
        {
            return await leases.LeaseAsync(tenant, wish, life);
        }
        catch (Exception exception) when (exception is StoreOverloadedException or StoreUnavailableException or DiskFullException)
        {
            return [];
        }
    }
}
