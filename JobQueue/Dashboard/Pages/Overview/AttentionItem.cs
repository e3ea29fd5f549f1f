namespace JobQueue.Dashboard.Pages.Overview;

/// <summary>Something that a person should look at.</summary>
/// <param name="Link">Where to do something about it.</param>
public sealed record AttentionItem(string Title, string Text, string Link, bool Severe);
