using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Sql;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>Makes a database file to start from, and copies it with all its times moved.</summary>
internal static class SampleDatabase
{
    /// <summary>How long ago the newest event of a copy lies.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(2);

    /// <summary>Every column that holds a moment, in milliseconds.</summary>
    private static readonly (string Table, string[] Times, string? Id)[] Shifted =
    [
        ("jobs", ["run_at", "created_at", "started_at", "finished_at"], "id"),
        ("scheduled", ["due_at"], "job_id"),
        ("attempts", ["started_at", "finished_at"], "job_id"),
        ("job_logs", ["at"], "job_id"),
        ("dead_letters", ["dead_at"], "job_id"),
        ("dead_letter_kinds", ["first_dead_at", "last_dead_at"], null),
        ("idempotency_keys", [], "job_id"),
        ("tenants", ["created_at"], null),
        ("audit", ["at"], null),
    ];

    /// <summary>Writes a new file in one piece: no log beside it, and small enough to be handed around.</summary>
    /// <param name="path">Replaced when it is there.</param>
    /// <param name="rows">Of the types in <see cref="Model"/>.</param>
    public static async Task CreateAsync(string path, IReadOnlyList<object> rows, CancellationToken cancellationToken)
    {
        var draft = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.draft");
        File.Delete(draft);
        try
        {
            await using (var connection = await OpenAsync(draft, cancellationToken))
            {
                await MigrateAsync(connection, cancellationToken);
                await using var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection).Options);
                db.AddRange(rows);
                await db.SaveChangesAsync(cancellationToken);
                SqliteConnections.Run(connection, SqlText.Load("recount_lanes"));
                SqliteConnections.Run(connection, "PRAGMA journal_mode = DELETE; VACUUM;");
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Copies the template to where a database is to be, as if its newest event had been two minutes ago.</summary>
    public static async Task CopyAsync(string template, string path, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Under its final name it is either absent or whole: a start that is interrupted copies again.
        var draft = path + ".draft";
        File.Delete(draft);
        File.Copy(template, draft);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using (var connection = await OpenAsync(draft, cancellationToken))
        {
            // The template may be older than the program: what is moved is there only afterwards.
            await MigrateAsync(connection, cancellationToken);
            Shift(connection, now);
        }

        File.Move(draft, path);
    }

    private static async Task MigrateAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await using var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection).Options);
        await db.Database.MigrateAsync(cancellationToken);
    }

    private static void Shift(SqliteConnection connection, DateTimeOffset now)
    {
        using var newest = connection.CreateCommand();
        newest.CommandText = "SELECT max(coalesce(finished_at, created_at)) FROM jobs";
        var shift = (now - Age).ToUnixTimeMilliseconds() - (long)newest.ExecuteScalar()!;
        connection.CreateFunction("moved", (byte[] id) => Moved(JobId.Read(id), shift).ToByteArray(), isDeterministic: true);
        using var transaction = connection.BeginTransaction();
        foreach (var (table, times, id) in Shifted)
        {
            var sets = times.Select(column => $"{column} = {column} + {Text(shift)}");
            if (id is not null)
                sets = sets.Append($"{id} = moved({id})");
            SqliteConnections.Run(connection, $"UPDATE {table} SET {string.Join(", ", sets)}");
        }

        // Whatever is done to the clock: no job of the sample was accepted here.
        SqliteConnections.Run(connection, "INSERT INTO meta (key, value) SELECT 'last_sample_job', hex(max(id)) FROM jobs");
        SqliteConnections.Run(connection, $"UPDATE minutes SET minute = (minute * 60000 + {Text(shift)}) / 60000");
        transaction.Commit();
    }

    /// <summary>An id holds the time at which its job was accepted.</summary>
    private static JobId Moved(JobId id, long shift)
    {
        var bytes = id.ToByteArray();
        var counter = ((bytes[6] & 0xF) << 8) | bytes[7];
        return JobId.Create(id.UnixMilliseconds + shift, counter, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)));
    }

    /// <summary>Rows are moved one table after the other, so their references hold only at the end.</summary>
    private static async Task<SqliteConnection> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, ForeignKeys = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
