using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Store;

/// <summary>What holds up jobs of the tenants that a board was asked about, as it was then. Thread-safe.</summary>
public interface IHoldups
{
    /// <summary>What holds up a job that is due.</summary>
    /// <param name="target">Whom the job calls, if anybody.</param>
    Holdups Of(TenantId tenant, string queue, string? target);
}
