using JobQueue.Tests.Support.Stores;
using Npgsql;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary>What tests on PostgreSQL stand on.</summary>
public sealed class PostgresHostTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clock_of_the_database_is_that_of_the_test_and_the_next_server_finds_what_was_committed()
    {
        await using var storage = await StoreProvider.Postgres.CreateAsync(Ct);
        await using (var connection = await OpenAsync(storage))
        {
            storage.Time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(storage.Time.GetUtcNow().ToUnixTimeMilliseconds(), await AskAsync(connection, "SELECT now_ms()"));
            storage.Time.SetHands(TimeSpan.FromHours(-1));
            Assert.Equal(storage.Time.GetUtcNow().ToUnixTimeMilliseconds(), await AskAsync(connection, "SELECT now_ms()"));
            await AskAsync(connection, "INSERT INTO tenants (name, created_at) VALUES ('acme', 0)");
            await AskAsync(connection, "BEGIN; INSERT INTO tenants (name, created_at) VALUES ('globex', 0)");

            await using var next = await storage.CrashAsync(TimeSpan.FromMinutes(1), Ct);

            await using var later = await OpenAsync(next);
            Assert.Equal("acme", await AskAsync(later, "SELECT string_agg(name, ',') FROM tenants"));
            Assert.Equal(storage.Time.GetUtcNow() + TimeSpan.FromMinutes(1), next.Time.GetUtcNow());
            Assert.Equal(next.Time.GetUtcNow().ToUnixTimeMilliseconds(), await AskAsync(later, "SELECT now_ms()"));
        }

        await using var again = await OpenAsync(storage);
        storage.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(storage.Time.GetUtcNow().ToUnixTimeMilliseconds(), await AskAsync(again, "SELECT now_ms()"));
        await storage.CheckAsync(Ct);
        Assert.Contains("acme", await storage.ReadAllAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_that_is_cut_off_does_not_come_back_and_the_other_goes_on()
    {
        await using var one = await StoreProvider.Postgres.CreateAsync(Ct);
        await using var other = await one.SecondProcessAsync(Ct);
        await using var dead = await OpenAsync(one);
        await using var alive = await OpenAsync(other);

        await one.CutOffAsync(Ct);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(dead, "SELECT now_ms()"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OpenAsync(one));
        Assert.Equal(one.Time.GetUtcNow().ToUnixTimeMilliseconds(), await AskAsync(alive, "SELECT now_ms()"));
    }

    private static async Task<NpgsqlConnection> OpenAsync(IStoreHost storage)
    {
        var connection = new NpgsqlConnection(storage.Settings["ConnectionStrings:JobQueue"] + ";Pooling=False");
        await connection.OpenAsync(Ct);
        return connection;
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }
}
