using JobQueue.Storage.Sqlite.Files;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;

namespace JobQueue.Tests.Storage.Sqlite.Files.Layer;

/// <summary>
/// Each write and each flush of some hundred commits fails once, and the log of each is cut inside its pieces and between them:
/// whoever finds the files then has a whole database with all that was acknowledged, and nothing by halves.
/// </summary>
public sealed class GatheringFaultTests : IDisposable
{
    private const int Commits = 200;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;

    public GatheringFaultTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere SQLite's own layer flushes");
        FaultyDisk.Insert();
        _connection = SqliteConnections.OpenForWriting($"Data Source={Database}", "Full", FaultyDisk.Name);
        SqliteConnections.Run(_connection, "PRAGMA cache_spill = OFF; CREATE TABLE t (n INTEGER PRIMARY KEY, text); CREATE INDEX i ON t (text)");
    }

    private string Database => _folder.File("jobs.db");

    private string Found => _folder.File("found.db");

    [Fact]
    public void Whatever_write_or_flush_fails_what_was_acknowledged_is_there_and_the_database_whole()
    {
        var faults = 0;
        for (var commit = 1; commit <= Commits; commit++)
        {
            var good = 0;
            while (!TryCommit(commit, good, isFull: (commit + good) % 2 == 0))
            {
                Find();
                // What was written and not flushed may have reached the disk.
                Assert.InRange(Recover(), commit - 1, commit);
                good++;
            }

            faults += good;
            MoveLog(commit);
        }

        // Of each commit: the two pieces and the flush.
        Assert.InRange(faults, 3 * Commits, 6 * Commits);
        Assert.Equal(Commits, Whole(_connection));
    }

    [Fact]
    public void Log_that_ends_within_a_commit_holds_those_before_it()
    {
        for (var commit = 1; commit <= Commits; commit++)
        {
            Assert.True(TryCommit(commit, int.MaxValue, isFull: false));
            var pieces = FaultyDisk.Written.ToList();
            var (first, last) = (pieces[0], pieces[^1]);
            foreach (var end in new[] { first.Start + first.Count / 3, last.Start, last.Start + last.Count - 1 })
            {
                Find();
                using (var log = File.OpenWrite(Found + "-wal"))
                    log.SetLength(end);
                Assert.Equal(commit - 1, Recover());
            }

            MoveLog(commit);
        }
    }

    public void Dispose()
    {
        FaultyDisk.Heal();
        _connection.Dispose();
        _folder.Dispose();
    }

    /// <returns>Whether it was acknowledged.</returns>
    private bool TryCommit(int commit, int good, bool isFull)
    {
        FaultyDisk.FailAfter(good, isFull);
        try
        {
            // From one page to more than is held back at once, some of them written before.
            var size = commit % 60 == 0 ? 150_000 : commit * 97 % 6_000;
            SqliteConnections.Run(_connection, $"""
                BEGIN IMMEDIATE;
                INSERT INTO t VALUES ({commit}, printf('%.{size}c', 'x') || {commit});
                UPDATE t SET text = substr(text, 1, {commit * 31 % 2_000}) || 'y' WHERE n > {commit} - 4 AND n % 3 = {commit % 3};
                COMMIT;
                """);
            Assert.False(FaultyDisk.HasFailed);
            return true;
        }
        catch (SqliteException)
        {
            Assert.True(FaultyDisk.HasFailed);
            FaultyDisk.Heal();
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                SqliteConnections.Run(_connection, "ROLLBACK");
            return false;
        }
    }

    /// <summary>Now and then, so that logs begin anew in all ways that there are.</summary>
    private void MoveLog(int commit)
    {
        FaultyDisk.Heal();
        if (commit % 10 == 0)
            SqliteConnections.Run(_connection, $"PRAGMA wal_checkpoint({(commit % 30 == 0 ? "TRUNCATE" : "PASSIVE")})");
    }

    /// <summary>The files as they are found when the process dies at this moment.</summary>
    private void Find()
    {
        File.Copy(Database, Found, overwrite: true);
        File.Copy(Database + "-wal", Found + "-wal", overwrite: true);
    }

    private long Recover()
    {
        using var connection = new SqliteConnection($"Data Source={Found};Pooling=False");
        connection.Open();
        SqliteConnections.Run(connection, "PRAGMA synchronous = OFF");
        return Whole(connection);
    }

    /// <returns>The commits that are in it.</returns>
    private static long Whole(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM pragma_integrity_check UNION ALL SELECT count(*) FROM t UNION ALL SELECT max(n) FROM t";
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal("ok", reader.GetString(0));
        Assert.True(reader.Read());
        var count = reader.GetInt64(0);
        Assert.True(reader.Read());
        Assert.Equal(count, reader.IsDBNull(0) ? 0 : reader.GetInt64(0));
        return count;
    }
}
