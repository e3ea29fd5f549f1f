using CsCheck;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Sql;
using Microsoft.Data.Sqlite;

namespace JobQueue.Tests.Storage.Sqlite.Board;

public sealed class ReadyJobsTests
{
    private const int Lane = 7;

    [Fact]
    public void Jobs_come_in_order_and_the_table_holds_the_rest_after_each_transaction() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                using var connection = Table();
                using var sql = new HotStatements(connection);
                var ready = new ReadyJobs(Lane, inTable: 0);
                var model = new SortedSet<ReadyKey>();
                var number = 0;
                for (var transaction = 0; transaction < 30; transaction++)
                {
                    for (var added = random.Next(12); added > 0; added--)
                    {
                        var key = new ReadyKey(random.Next(-1, 2), random.Next(3), JobId.Create(++number, 0, 0));
                        ready.Add(key);
                        model.Add(key);
                    }

                    if (model.Count > 0 && random.Next(3) == 0)
                    {
                        var cancelled = model.ElementAt(random.Next(model.Count));
                        Assert.True(ready.Remove(sql, cancelled));
                        Assert.False(ready.Remove(sql, cancelled));
                        model.Remove(cancelled);
                    }

                    for (var taken = random.Next(14); taken > 0 && model.Count > 0; taken--)
                    {
                        var first = ready.First(sql);
                        Assert.Equal(model.Min, first);
                        ready.Take(first);
                        model.Remove(first);
                    }

                    ready.Write(sql);
                    Assert.Equal(model, Rows(connection));
                    if (random.Next(8) == 0)
                        ready = new ReadyJobs(Lane, model.Count);
                }
            },
            iter: 100);

    [Fact]
    public void Table_that_holds_fewer_jobs_than_were_counted_is_a_mismatch()
    {
        using var connection = Table();
        using var sql = new HotStatements(connection);

        Assert.Throws<BoardMismatchException>(() => new ReadyJobs(Lane, inTable: 1).First(sql));
    }

    private static SqliteConnection Table()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SqliteConnections.Run(connection, """
            CREATE TABLE ready (
                lane_id INTEGER NOT NULL, rank INTEGER NOT NULL, due_at INTEGER NOT NULL, job_id BLOB NOT NULL,
                PRIMARY KEY (lane_id, rank, due_at, job_id)
            ) STRICT, WITHOUT ROWID
            """);
        return connection;
    }

    private static List<ReadyKey> Rows(SqliteConnection connection)
    {
        using var statement = new SqliteStatement(connection, "SELECT rank, due_at, job_id FROM ready ORDER BY rank, due_at, job_id");
        var rows = new List<ReadyKey>();
        while (statement.Step())
            rows.Add(new ReadyKey(statement.Int32(0), statement.Int64(1), statement.Id(2)));
        return rows;
    }
}
