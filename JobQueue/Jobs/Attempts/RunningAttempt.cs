namespace JobQueue.Jobs.Attempts;

/// <summary>What is known of a running attempt when it ends.</summary>
/// <param name="OnlySuspect">Whether no other job with two crashes was leased to the same process.</param>
public sealed record RunningAttempt(int Retries, int MaxRetries, int Crashes, bool CancelRequested, bool OnlySuspect);
