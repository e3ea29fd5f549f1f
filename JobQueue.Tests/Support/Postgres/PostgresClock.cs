using Npgsql;

namespace JobQueue.Tests.Support.Postgres;

/// <summary>
/// Moves the clock of a database with that of the processes on it. A store reads it by the function <c>now_ms</c>, which in databases of
/// tests looks at a table that this one writes.
/// </summary>
internal sealed class PostgresClock : IAsyncDisposable
{
    /// <summary>A clock that goes, until it is set for the first time.</summary>
    public const string Schema =
        """
        CREATE TABLE test_clock (ms bigint);
        INSERT INTO test_clock VALUES (NULL);
        CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE
        AS $$ SELECT coalesce((SELECT ms FROM test_clock), floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) $$;
        """;

    private readonly Lock _lock = new();
    private readonly string _connectionString;
    private NpgsqlConnection? _connection;

    public PostgresClock(string connectionString, TestClock time)
    {
        (_connectionString, Time) = (connectionString, time);
        Set(time.GetUtcNow());
        time.Moving = Set;
    }

    public TestClock Time { get; }

    /// <summary>Leaves the database until the clock is moved again.</summary>
    public void Disconnect()
    {
        lock (_lock)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    public ValueTask DisposeAsync()
    {
        Time.Moving = null;
        Disconnect();
        return ValueTask.CompletedTask;
    }

    private void Set(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_connection is null)
            {
                _connection = new NpgsqlConnection(_connectionString);
                _connection.Open();
            }

            using var command = new NpgsqlCommand("UPDATE test_clock SET ms = $1", _connection) { Parameters = { new() { Value = now.ToUnixTimeMilliseconds() } } };
            command.ExecuteNonQuery();
        }
    }
}
