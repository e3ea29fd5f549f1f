namespace JobQueue.Jobs.Model;

/// <summary>Why an attempt failed.</summary>
/// <param name="Message">For people; at most 8,000 characters are kept.</param>
/// <param name="Type">For programs: an exception's name, <c>timeout</c>, or what a remote worker says.</param>
public sealed record JobError(string Message, string? Type);
