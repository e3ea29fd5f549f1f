namespace JobQueue.Api.Leases;

/// <summary>Many ends, and what the worker asks for next.</summary>
internal sealed record SettleCall(IReadOnlyList<SettleItem> Items, LeaseWish? Wish);
