using JobQueue.Tenants;

namespace JobQueue.Jobs.Store;

/// <summary>Who asks for a change, for the audit log, and how far their sight reaches.</summary>
/// <param name="Name"><c>user:…</c> or <c>token:…</c>.</param>
/// <param name="Scope">The one tenant whose jobs they may touch, or <see langword="null"/> for all.</param>
/// <param name="RemoteAddress">Where the request came from.</param>
public sealed record Actor(string Name, TenantId? Scope, string? RemoteAddress);
