using Npgsql;

namespace JobQueue.Storage.Postgres.Events;

/// <summary>A batch of events as it was committed.</summary>
/// <param name="Body"><see langword="null"/> where it was not asked for.</param>
internal sealed record OutboxRow(int Writer, long Number, byte[]? Body)
{
    public static OutboxRow From(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2));
}
