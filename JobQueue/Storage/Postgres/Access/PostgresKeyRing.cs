using System.Xml;
using System.Xml.Linq;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Sql;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace JobQueue.Storage.Postgres.Access;

/// <summary>The keys of all processes, in the database. Thread-safe.</summary>
/// <remarks>The framework reads and adds keys synchronously, which is now and then.</remarks>
internal sealed class PostgresKeyRing(PostgresConnections connections, TimeProvider time) : IKeyRing
{
    /// <summary>As the framework has it for those it makes itself.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var keys = new List<XElement>();
        using var command = connections.Pool.CreateCommand(SqlText.Load("load_protection_keys"));
        using var reader = command.ExecuteReader();
        while (reader.Read())
            keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = connections.Pool.CreateCommand(SqlText.Load("insert_protection_key"));
        command.Parameters.Add(Sent.Value(friendlyName));
        command.Parameters.Add(Sent.Value(element.ToString(SaveOptions.DisableFormatting)));
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Also makes the first key, for which others that start at the same time wait: two processes with a key each would not know the
    /// other's for hours.
    /// </summary>
    public async Task CheckAsync(IKeyManager keys, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
            await new RoundTrip(connection).Begin().Read("lock_protection_keys", static _ => { }).RunAsync(cancellationToken);
            if (keys.GetAllKeys().Count == 0)
                keys.CreateNewKey(time.GetUtcNow(), time.GetUtcNow() + KeyLifetime);
            await new RoundTrip(connection).Commit().RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or XmlException)
        {
            throw new StartRefusedException($"The sign-in keys in the database {connections.Shown} cannot be used: {exception.Message.TrimEnd('.')}.");
        }
    }
}
