namespace JobQueue.Access.Tokens;

/// <param name="ExpiresDays"><see langword="null"/> for a token that lives until it is revoked.</param>
/// <param name="CreatedBy"><c>user:…</c>, <c>token:…</c> or <c>command</c>.</param>
/// <param name="Demo">Void outside the demo, as is every token made in it.</param>
/// <param name="Secret">A fixed secret, for the demo alone; <see langword="null"/> for a random one.</param>
internal sealed record NewTokenRequest(
    string Tenant,
    string Name,
    IReadOnlyList<string> Scopes,
    int? ExpiresDays,
    string CreatedBy,
    bool Demo,
    string? Secret,
    string? RemoteAddress);
