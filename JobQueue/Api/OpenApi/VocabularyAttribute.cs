namespace JobQueue.Api.OpenApi;

/// <summary>The text, or each text of the list, is one of a fixed set of words, whose schema has this name.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class VocabularyAttribute(string name) : Attribute
{
    public const string Scope = "Scope";
    public const string Role = "Role";
    public const string ProblemCode = "ProblemCode";
    public const string EventName = "EventName";
    public const string ResetName = "ResetName";

    public string Name { get; } = name;
}
