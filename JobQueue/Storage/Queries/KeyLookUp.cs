using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Model;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries;

internal static class KeyLookUp
{
    /// <summary>The jobs whose idempotency key a text is, by the index of the keys: one a tenant at most.</summary>
    public static async Task<List<JobId>> WithKeyAsync(
        this JobQueueDb db, TenantId? scope, string? text, int limit, CancellationToken cancellationToken)
    {
        if (text is null || SubmissionRules.KeyError(text) is not null)
            return [];
        var hash = KeyHash.Of(text);
        var tenants = scope is { } one ? db.Tenants.Where(tenant => tenant.Id == one.Value) : db.Tenants;
        // A join would be turned round: all keys are looked through, each for its tenant.
        var found = await tenants
            .Select(tenant => db.IdempotencyKeys
                .Where(key => key.TenantId == tenant.Id && key.KeyHash == hash)
                .Select(key => (JobId?)key.JobId)
                .FirstOrDefault())
            .ToListAsync(cancellationToken);
        return [.. found.OfType<JobId>().Take(limit)];
    }
}
