using JobQueue.Storage;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary><c>check</c> on PostgreSQL.</summary>
public sealed class PostgresUpkeepTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE lane_counters SET pending = pending + 2", "the counter of pending says")]
    [InlineData("UPDATE lane_counters SET done = 7", "the counter of done says")]
    [InlineData("DELETE FROM ready", "is pending and neither ready nor scheduled nor leased")]
    [InlineData("DELETE FROM leases", "is pending and neither ready nor scheduled nor leased")]
    [InlineData("UPDATE scheduled SET due_at = due_at + 1", "is scheduled, but its row says otherwise.")]
    [InlineData("UPDATE dead_letters SET job_id = gen_random_uuid()", "stands in the dead letter queue, but has not failed.")]
    [InlineData("UPDATE dead_letter_kinds SET count = 5", "their counter says 5, there are 1.")]
    [InlineData("UPDATE lane_minutes SET submitted = 0", "its minutes counted 0 new jobs, there are")]
    [InlineData("DELETE FROM job_texts", "has no texts.")]
    [InlineData("INSERT INTO job_texts VALUES (gen_random_uuid(), '1')", "which is missing.")]
    [InlineData("UPDATE attempts SET job_id = gen_random_uuid()", "There are attempts of job")]
    public async Task Check_tells_what_differs_and_of_a_database_in_order_nothing(string change, string expected)
    {
        await using var queue = await TestQueue.StartAsync(await StoreProvider.Postgres.CreateAsync(Ct));
        var upkeep = queue.Services.GetRequiredService<IDatabaseUpkeep>();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitDeadAsync(Some.Submission(acme));
        queue.Time.Advance(TimeSpan.FromMinutes(2));
        await queue.SubmitAsync(acme, 2);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        await queue.LeaseOneAsync();
        await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromHours(1) });
        await queue.SubmitAsync(acme);
        Assert.Empty(await upkeep.CheckAsync(Ct));

        await using (var connection = new NpgsqlConnection(queue.Storage.Settings["ConnectionStrings:JobQueue"] + ";Pooling=False"))
        {
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand(change, connection);
            await command.ExecuteNonQueryAsync(Ct);
        }

        Assert.Contains(await upkeep.CheckAsync(Ct), difference => difference.Contains(expected, StringComparison.Ordinal));
    }
}
