using JobQueue.Jobs.Model;
using Npgsql;

namespace JobQueue.Storage.Postgres.Connections;

/// <summary>Values as parameters, whose types are those of the columns.</summary>
internal static class Sent
{
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Id(JobId id) => Value(id.Value);

    public static NpgsqlParameter Ids(IReadOnlyCollection<JobId> ids)
    {
        var values = new Guid[ids.Count];
        var next = 0;
        foreach (var id in ids)
            values[next++] = id.Value;
        return Value(values);
    }

    /// <summary>One column of rows.</summary>
    public static NpgsqlParameter Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        return Value(values);
    }
}
