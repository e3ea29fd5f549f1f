using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Api.Jobs;

/// <summary>Who submits, and in which trace.</summary>
/// <param name="Trace"><see langword="null"/> gives each job a trace of its own.</param>
internal sealed record SubmissionOrigin(TenantId Tenant, string SubmittedBy, TraceParent? Trace);
