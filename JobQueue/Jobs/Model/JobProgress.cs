namespace JobQueue.Jobs.Model;

/// <param name="Percent">0 to 100, or <see langword="null"/> when unknown.</param>
/// <param name="Message">At most 1,000 characters are kept.</param>
public sealed record JobProgress(double? Percent, string? Message);
