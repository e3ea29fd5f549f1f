using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;

namespace JobQueue.Api.Leases;

/// <summary>One end of many, as it was sent.</summary>
/// <param name="Token">As it was sent.</param>
/// <param name="Lease"><see langword="null"/> where that is no token at all.</param>
/// <param name="Outcome"><see langword="null"/> where the result cannot be stored.</param>
/// <param name="Flaw">Why it cannot.</param>
internal sealed record SettleItem(string Token, LeaseToken? Lease, JobOutcome? Outcome, string? Flaw);
