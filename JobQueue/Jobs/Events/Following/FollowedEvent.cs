namespace JobQueue.Jobs.Events.Following;

/// <summary>What a follower gets: an event, or the news that there is a gap before the next one.</summary>
/// <param name="Id">Opaque; who resumes after it misses nothing.</param>
/// <param name="Event"><see langword="null"/> for a gap.</param>
internal readonly record struct FollowedEvent(string Id, JobEvent? Event);
