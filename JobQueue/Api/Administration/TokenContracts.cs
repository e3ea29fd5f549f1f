using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobQueue.Access.Audit;
using JobQueue.Access.Tokens;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Requests;

namespace JobQueue.Api.Administration;

/// <summary>A token, without its secret.</summary>
/// <param name="Prefix">The secret's first characters, to recognise it by.</param>
/// <param name="LastUsedAt">To the minute.</param>
internal sealed record TokenResponse(
    Guid Id,
    string Tenant,
    string Name,
    string Prefix,
    [property: Vocabulary(VocabularyAttribute.Scope)] IReadOnlyList<string> Scopes,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt)
{
    public static TokenResponse From(TokenPrincipal caller) => new(
        caller.Token.Id,
        caller.Token.Tenant,
        caller.Token.Name,
        caller.Token.Prefix,
        caller.Token.Scopes,
        caller.Token.CreatedBy,
        caller.Token.CreatedAt,
        caller.Token.ExpiresAt,
        caller.LastUsedAt);
}

internal sealed record TokenRequest
{
    public const int MaxNameLength = 100;
    public const int MaxExpiresDays = 3_650;
    public const string DefaultName = "unnamed";

    [Description("The tenant it acts for: the caller's own by default, any for an administrator. A missing one is made.")]
    [RegularExpression(Names.Pattern)]
    public string? Tenant { get; init; }

    [Description("Shown as submitted_by of its jobs and in the audit log.")]
    [DefaultValue(DefaultName), StringLength(MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [Description("What it allows. Only scopes that the caller has.")]
    [MinLength(1), Vocabulary(VocabularyAttribute.Scope)]
    public required IReadOnlyList<string> Scopes { get; init; }

    [Description("Days until it expires; never by default.")]
    [Range(1, MaxExpiresDays)]
    public int? ExpiresDays { get; init; }
}

/// <param name="Token">The secret, shown this once.</param>
internal sealed record NewTokenResponse(Guid Id, string Token);

/// <summary>An entry of the audit log.</summary>
internal sealed record AuditResponse(
    long Id, DateTimeOffset At, string Actor, string Action, string? Tenant, string? Target, string? Detail, string? RemoteAddress)
{
    public static AuditResponse From(AuditEntry entry) => new(
        entry.Id, entry.At, entry.Actor, entry.Action, entry.Tenant, entry.Target, entry.Detail, entry.RemoteAddress);
}
