using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobQueue.Access.Tokens;
using JobQueue.Api.OpenApi;
using JobQueue.Jobs.Model;

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
    public const string DefaultName = "unnamed";

    [Description("The tenant it acts for: the caller's own by default, any for an administrator. A missing one is made.")]
    [RegularExpression(Names.Pattern)]
    public string? Tenant { get; init; }

    [Description("Shown as submitted_by of its jobs and in the audit log.")]
    [DefaultValue(DefaultName), StringLength(TokenRules.MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [Description("What it allows. Only scopes that the caller has.")]
    [MinLength(1), Vocabulary(VocabularyAttribute.Scope)]
    public required IReadOnlyList<string> Scopes { get; init; }

    [Description("Days until it expires; never by default.")]
    [Range(1, TokenRules.MaxExpiresDays)]
    public int? ExpiresDays { get; init; }
}

/// <param name="Token">The secret, shown this once.</param>
internal sealed record NewTokenResponse(Guid Id, string Token);
