using System.Net;
using System.Security.Cryptography;
using System.Text;
using JobQueue.Access.Sessions;
using JobQueue.Storage.Postgres.Connections;
using Npgsql;

namespace JobQueue.Storage.Postgres.Access;

/// <summary>
/// The throttle of all processes together. What was typed as a name, which now and then is a password, is kept as a hash alone.
/// Thread-safe.
/// </summary>
internal sealed class PostgresSignInThrottle(PostgresConnections connections) : ISignInThrottle
{
    public async ValueTask<TimeSpan> TakeAsync(string name, IPAddress? address, CancellationToken cancellationToken)
    {
        var (account, from) = Keys(name, address);
        byte[][] keys = [account, from];
        await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
        var (wait, locked) = (TimeSpan.Zero, 0);
        await new RoundTrip(connection).Begin()
            .Write("insert_tries", null, Sent.Value(keys))
            .Read("lock_tries", Look, Sent.Value(keys))
            .RunAsync(cancellationToken);
        var end = new RoundTrip(connection);
        if (wait == TimeSpan.Zero)
            end.Write("take_tries", locked, Sent.Value(keys), Every).Write("forget_tries", null).Commit();
        else
            end.Run("ROLLBACK");
        await end.RunAsync(cancellationToken);
        return wait;

        void Look(NpgsqlDataReader row)
        {
            var rate = account.AsSpan().SequenceEqual((byte[])row[0]) ? SignInTry.OfAccount : SignInTry.OfAddress;
            var left = rate.Wait(TimeSpan.FromMilliseconds(row.GetInt64(1)));
            (wait, locked) = (left > wait ? left : wait, locked + 1);
        }
    }

    public async ValueTask ForgiveAsync(string name, IPAddress? address, CancellationToken cancellationToken)
    {
        var (account, from) = Keys(name, address);
        await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
        await new RoundTrip(connection)
            .Write("forgive_tries", null, Sent.Value(account))
            .Write("give_back_tries", null, Sent.Value(new[] { from }), Sent.Value(new[] { (long)SignInTry.OfAddress.Every.TotalMilliseconds }))
            .RunAsync(cancellationToken);
    }

    public async ValueTask GiveBackAsync(string name, IPAddress? address, CancellationToken cancellationToken)
    {
        var (account, from) = Keys(name, address);
        await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
        await new RoundTrip(connection).Write("give_back_tries", null, Sent.Value(new[] { account, from }), Every).RunAsync(cancellationToken);
    }

    /// <summary>Of an account, and of an address.</summary>
    private static NpgsqlParameter Every => Sent.Value(new[]
    {
        (long)SignInTry.OfAccount.Every.TotalMilliseconds, (long)SignInTry.OfAddress.Every.TotalMilliseconds,
    });

    private static (byte[] Account, byte[] From) Keys(string name, IPAddress? address)
    {
        var (account, from) = SignInTry.Of(name, address);
        return (Hash($"{from}\n{account}"), Hash($"{from}"));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
