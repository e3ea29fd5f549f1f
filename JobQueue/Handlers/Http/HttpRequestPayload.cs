using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobQueue.Handlers.Payloads;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;

namespace JobQueue.Handlers.Http;

internal sealed record HttpRequestPayload(
    [Description("Where to: http or https, on the public internet.")]
    string Url,
    [Description("Such as GET or PUT."), DefaultValue(HttpRequestPayload.DefaultMethod)]
    string? Method = null,
    [Description("Beside those that every call carries: traceparent and Idempotency-Key, which are the caller's where they stand here, and the signature.")]
    IReadOnlyDictionary<string, string>? Headers = null,
    [Description("Text goes as it is, any other value as JSON; null is no body.")]
    RawJson? Body = null,
    [Description("How long the call may take; the job's own timeout when absent."), Range(0.001, 86_400.0)]
    double? TimeoutSeconds = null) : IValidatableObject
{
    public const string DefaultMethod = "POST";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var at = validationContext.DisplayName;
        if (HttpCallRules.UrlError(Url) is { } wrongUrl)
            yield return new ValidationResult($"{at}.url {wrongUrl}");
        if (Method is not null && HttpCallRules.MethodError(Method) is { } wrongMethod)
            yield return new ValidationResult($"{at}.method {wrongMethod}");
        foreach (var flaw in HeaderFlaws($"{at}.headers"))
            yield return new ValidationResult(flaw);
    }

    private IEnumerable<string> HeaderFlaws(string path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var length = 0;
        foreach (var (name, value) in Headers ?? new Dictionary<string, string>())
        {
            var at = PayloadFlaws.Member(path, name);
            // A dictionary's values are not held against their type's annotations.
            var wrong = value is null ? "must be text." : HttpCallRules.HeaderError(name, value);
            if (wrong is not null || !seen.Add(name))
                yield return $"{at} {wrong ?? "is given twice."}";
            length += name.Length + (value?.Length ?? 0);
        }

        if (length > HttpCallRules.MaxHeaderLength)
            yield return $"{path} must have at most {HttpCallRules.MaxHeaderLength:N0} characters together.";
    }
}
