using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>Looks at what lies where the database is to be, before anything is written there.</summary>
internal static class DatabaseInspection
{
    /// <summary>Every page of a database up to this size is looked at (some 0.2 s); of a larger one, those that the start needs.</summary>
    private const long MaxCheckedBytes = 64 << 20;

    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.</summary>
    private const int NoCheckpointOnClose = 1006;

    private const string MigrationsPrefix = "__EFMigrations";

    /// <param name="database">Nobody in this process has it open. It may be missing.</param>
    /// <param name="checkPages">Whether to look for damage.</param>
    /// <exception cref="DatabaseRefusedException">It is foreign, damaged, newer than the program, or its log is not its own.</exception>
    public static void Run(DatabaseFile database, bool checkPages = true)
    {
        var hasLog = LogOwner.HasLog(database);
        var header = File.Exists(database.Path) ? LogOwner.ReadHeader(database) : null;
        if (header is null)
        {
            // SQLite would throw the log away, and with it what was acknowledged.
            if (hasLog)
                throw LogOwner.Foreign(database);
            if (!File.Exists(database.Path) || new FileInfo(database.Path).Length == 0)
                return;
        }

        try
        {
            using var connection = Open(database);
            // What is refused stays as it is.
            if (hasLog)
                _ = raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
            if (hasLog)
                LogOwner.Check(database, header, connection);
            if (checkPages)
                CheckPages(database, connection);
            CheckMigrations(database, connection);
        }
        catch (SqliteException exception)
        {
            throw DatabaseErrors.Refusal(database, exception)!;
        }
    }

    private static SqliteConnection Open(DatabaseFile database)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = database.Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        connection.Open();
        SqliteConnections.Run(connection, $"PRAGMA busy_timeout = {SqliteConnections.BusyTimeout}; PRAGMA query_only = ON");
        return connection;
    }

    private static void CheckPages(DatabaseFile database, SqliteConnection connection)
    {
        if (new FileInfo(database.Path).Length > MaxCheckedBytes)
            return;
        var problem = Rows(connection, "PRAGMA quick_check(1)").Single();
        if (problem != "ok")
            throw new DatabaseRefusedException(database.Path, $"it is damaged ({problem.ReplaceLineEndings(" ")}). Restore a backup.");
    }

    private static void CheckMigrations(DatabaseFile database, SqliteConnection connection)
    {
        var tables = Rows(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
        if (tables.TrueForAll(table => table.StartsWith(MigrationsPrefix, StringComparison.Ordinal)))
            return;
        using var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection).Options);
        var known = db.Database.GetMigrations().ToList();
        var applied = tables.Contains($"{MigrationsPrefix}History")
            ? Rows(connection, $"SELECT MigrationId FROM {MigrationsPrefix}History ORDER BY MigrationId")
            : [];
        if (!applied.Contains(known[0]))
        {
            throw new DatabaseRefusedException(
                database.Path, "it belongs to another program. Name another file: --ConnectionStrings:JobQueue=\"Data Source=other.db\".");
        }

        if (applied.Except(known).LastOrDefault() is { } unknown)
        {
            throw new DatabaseRefusedException(
                database.Path, $"a newer version of this program has changed it ({unknown}). Start that version, or restore a backup from before.");
        }
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
