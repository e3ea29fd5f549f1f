using System.Text.Json.Serialization.Metadata;
using JobQueue.Api.Json;
using JobQueue.Api.Memory;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;

namespace JobQueue.Api.Leases;

/// <summary>Gives out leases to remote workers, and takes back those whose worker was gone before it was answered. Thread-safe.</summary>
internal sealed class LeaseDesk(IJobLeases store, WorkerDirectory workers, CallMemory memory, ILogger<LeaseDesk> logger)
{
    /// <summary>Answers a wish; it waits at the store, at no cost, until there is a job or the call's life ends.</summary>
    /// <param name="tenant"><see langword="null"/> for jobs of every tenant.</param>
    public async Task ServeAsync(HttpContext context, TenantId? tenant, LeaseWish wish)
    {
        using var life = CallLife.OfPoll(context);
        var leased = await LeaseAsync(tenant, wish, life);
        if (life.HasEnded)
        {
            await ReleaseAsync(leased);
            if (!life.CallerIsGone)
                await life.ToProblem().ExecuteAsync(context);
            return;
        }

        var answer = new LeasesResponse([.. leased.Select(LeaseResponse.From)]);
        await AnswerAsync(context, answer, ApiJson.Instance.LeasesResponse, leased, refusable: true);
    }

    /// <summary>Writes an answer that holds leases; what its caller did not get is handed back.</summary>
    /// <param name="refusable">Whether it may be refused for want of memory: not when it tells of what was done.</param>
    public async Task AnswerAsync<T>(
        HttpContext context, T answer, JsonTypeInfo<T> type, IReadOnlyList<LeasedJob> leased, bool refusable)
    {
        var answered = false;
        try
        {
            // The flush itself tells: whoever has read the answer may be gone before this goes on.
            answered = await new WeightyAnswer<T>(answer, type, leased.Sum(lease => lease.Job.Bytes), refusable: refusable).WriteAsync(context);
        }
        finally
        {
            if (!answered)
                await ReleaseAsync(leased);
        }
    }

    private async Task<IReadOnlyList<LeasedJob>> LeaseAsync(TenantId? tenant, LeaseWish wish, CallLife life)
    {
        if (life.HasEnded)
            return [];
        using var asking = workers.Asking(tenant, wish.Worker, wish.Queues, wish.Types, wish.Max);
        try
        {
            return await store.LeaseAsync(RequestFor(tenant, wish), life.End);
        }
        catch (OperationCanceledException) when (life.HasEnded)
        {
            return [];
        }
    }

    public LeaseRequest RequestFor(TenantId? tenant, LeaseWish wish) => new()
    {
        Worker = new WorkerIdentity(wish.Worker),
        Tenant = tenant,
        Queues = wish.Queues,
        Types = wish.Types,
        Slots = wish.Max,
        MaxBytes = memory.PageBytes,
        Duration = wish.Duration,
        Wait = wish.Wait,
    };

    /// <summary>Nothing is counted: for the job it is as if it had never been leased.</summary>
    public async Task ReleaseAsync(IReadOnlyList<LeasedJob> leased)
    {
        foreach (var lease in leased)
        {
            try
            {
                await store.SettleAsync(lease.Token, scope: null, new JobOutcome.Released(), CancellationToken.None);
            }
            catch (Exception exception)
            {
                ApiLog.LeaseNotHandedBack(logger, exception, lease.Job.Id);
            }
        }
    }
}
