using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobQueue.Access.Users;
using JobQueue.Api.OpenApi;

namespace JobQueue.Api.Administration;

/// <summary>A person with an account.</summary>
internal sealed record UserResponse(
    string Name, [property: Vocabulary(VocabularyAttribute.Role)] string Role, string Tenant, bool Disabled, DateTimeOffset CreatedAt)
{
    public static UserResponse From(User user) => new(user.Name, user.Role, user.Tenant, user.Disabled, user.CreatedAt);
}

internal sealed record NewUserRequest
{
    [Description("Letters, digits and . _ - @.")]
    [StringLength(UserRules.MaxNameLength, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(UserRules.MaxPasswordLength, MinimumLength = UserRules.MinPasswordLength)]
    public required string Password { get; init; }

    [DefaultValue(Roles.Member), Vocabulary(VocabularyAttribute.Role)]
    public string? Role { get; init; }

    [Description("The caller's own by default. A missing one is made.")]
    public string? Tenant { get; init; }
}

/// <summary>What to change; absent fields stay. Whatever changes ends the user's sessions.</summary>
internal sealed record UserRequest
{
    [Vocabulary(VocabularyAttribute.Role)]
    public string? Role { get; init; }

    [Description("A missing one is made.")]
    public string? Tenant { get; init; }

    [StringLength(UserRules.MaxPasswordLength, MinimumLength = UserRules.MinPasswordLength)]
    public string? Password { get; init; }

    [Description("A disabled user cannot sign in.")]
    public bool? Disabled { get; init; }
}
