namespace JobQueue.Jobs.Model;

/// <summary>Why an attempt failed. Any text will do: what cannot be kept of it is mended or cut.</summary>
public sealed record JobError
{
    public JobError(string message, string? type) =>
        (Message, Type) = (JobText.Kept(message, JobText.MaxErrorMessage), type is null ? null : JobText.Kept(type, JobText.MaxErrorType));

    /// <summary>For people; 8,000 characters at most.</summary>
    public string Message { get; }

    /// <summary>For programs: an exception's name, <c>timeout</c>, or what a remote worker says; 200 characters at most.</summary>
    public string? Type { get; }
}
