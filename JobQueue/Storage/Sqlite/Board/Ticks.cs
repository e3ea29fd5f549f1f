namespace JobQueue.Storage.Sqlite.Board;

internal static class Ticks
{
    /// <summary>A moment on the clock that does not jump.</summary>
    public static long TicksAfter(this TimeProvider time, long timestamp, TimeSpan span) =>
        timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);
}
