using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using Npgsql;

namespace JobQueue.Storage.Postgres.Connections;

/// <summary>Columns as values.</summary>
internal static class Received
{
    public static JobId Id(this NpgsqlDataReader row, int column) => new(row.GetGuid(column));

    public static int? NullableInt(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    public static long? NullableLong(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static string? NullableText(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[]? NullableBytes(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : (byte[])row[column];

    public static DateTimeOffset Time(this NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? NullableTime(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    /// <summary>Of two columns: the trace, and the span that may be null.</summary>
    public static TraceParent Trace(this NpgsqlDataReader row, int column) =>
        TraceParent.Read((byte[])row[column], row.IsDBNull(column + 1) ? default : (byte[])row[column + 1]);

    /// <summary>Of two columns: a message that may be null, and a type that may be.</summary>
    public static JobError? Error(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new JobError(row.GetString(column), row.NullableText(column + 1));

    /// <summary>Of two columns.</summary>
    public static Callback? Callback(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new Callback(row.GetString(column), (CallbackOn)row.GetInt32(column + 1));
}
