using System.ComponentModel.DataAnnotations;
using JobQueue.Access.Users;

namespace JobQueue.Access.Bootstrap;

/// <summary>Section <c>Bootstrap</c>: the first administrator, made at the first start without anybody's help.</summary>
public sealed class BootstrapOptions : IValidatableObject
{
    public const string Section = "Bootstrap";

    /// <summary>With <see cref="AdminPassword"/>, or both absent.</summary>
    public string? AdminUser { get; set; }

    public string? AdminPassword { get; set; }

    internal bool Wanted => !string.IsNullOrEmpty(AdminUser) || !string.IsNullOrEmpty(AdminPassword);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Wanted)
            yield break;
        if (UserRules.NameError(AdminUser) is { } nameError)
            yield return new ValidationResult(nameError, [nameof(AdminUser)]);
        if (UserRules.PasswordError(AdminPassword) is { } passwordError)
            yield return new ValidationResult(passwordError, [nameof(AdminPassword)]);
    }
}
