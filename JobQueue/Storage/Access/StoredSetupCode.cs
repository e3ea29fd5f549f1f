using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JobQueue.Access.Bootstrap;
using JobQueue.Jobs.Leases;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Access;

/// <summary>
/// The code of all processes of a database, stored hashed: whichever comes first makes it, and it stays good for a day, whatever
/// becomes of that process. Thread-safe.
/// </summary>
internal sealed class StoredSetupCode(
    IDbWriter writer, IDbContextFactory<JobQueueDb> databases, ServerProcess process, TimeProvider time) : ISetupCode
{
    private const string Key = "setup_code";

    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    public Task<SetupNotice> OfferAsync(string code, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var offered = new Stored(process.Name, now, Hash(code));
        return writer.WriteAsync<SetupNotice>(
            db =>
            {
                var row = db.Meta.FirstOrDefault(row => row.Key == Key);
                if (Good(row?.Value, now) is { } good)
                    return new SetupNotice.PrintedBy(good.Process, good.At, good.At + GoodFor);
                if (row is null)
                    db.Meta.Add(row = new MetaRow { Key = Key, Value = "" });
                row.Value = JsonSerializer.Serialize(offered);
                return new SetupNotice.Code(code);
            },
            cancellationToken);
    }

    public async Task<bool> IsGoodAsync(string code, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var value = await db.Meta.Where(row => row.Key == Key).Select(row => row.Value).FirstOrDefaultAsync(cancellationToken);
        return Good(value, time.GetUtcNow()) is { } good && CryptographicOperations.FixedTimeEquals(good.Hash, Hash(code));
    }

    private static Stored? Good(string? value, DateTimeOffset now) =>
        value is not null && JsonSerializer.Deserialize<Stored>(value) is { } stored && now < stored.At + GoodFor ? stored : null;

    /// <summary>Its many random characters cannot be tried out, so no salt and no slow hash is needed.</summary>
    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));

    private sealed record Stored(string Process, DateTimeOffset At, byte[] Hash);
}
