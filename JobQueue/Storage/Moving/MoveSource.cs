using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using JobQueue.Access.Sessions;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite;
using JobQueue.Storage.Sqlite.Files;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace JobQueue.Storage.Moving;

/// <summary>
/// The SQLite database that is moved, owned as by a server, so that none begins to serve meanwhile, and read as it is at one moment. It
/// is not changed. Used by one caller.
/// </summary>
internal sealed class MoveSource : IAsyncDisposable
{
    private readonly DatabaseFile _database;
    private readonly DatabaseLock _lock;
    private readonly Dictionary<string, object> _parameters = [];
    private readonly SortedDictionary<string, long> _replaced = new(StringComparer.Ordinal);
    private SqliteConnection? _connection;

    private MoveSource(DatabaseFile database, DatabaseLock taken) => (_database, _lock) = (database, taken);

    /// <summary>How many texts of which column were changed, since they held characters that PostgreSQL does not keep.</summary>
    public IReadOnlyDictionary<string, long> Replaced => _replaced;

    /// <exception cref="DatabaseInUseException">A server owns it.</exception>
    /// <exception cref="DatabaseRefusedException">It is not in order, or of another version.</exception>
    public static async Task<MoveSource> OpenAsync(DatabaseFile database, IKeyRing keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!File.Exists(database.Path))
            throw new DatabaseRefusedException(database.Path, "there is no such file.");
        var source = new MoveSource(database, DatabaseLock.Take(database));
        try
        {
            await source.OpenAsync(keys, now, cancellationToken);
            return source;
        }
        catch (SqliteException exception)
        {
            await source.DisposeAsync();
            throw DatabaseErrors.Refusal(database, exception)!;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async Task<long> CountAsync(TableMove move, CancellationToken cancellationToken)
    {
        await using var command = Command(move.CountInSource);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The rows in the order of their key. One array for all of them.</summary>
    public async IAsyncEnumerable<object?[]> ReadAsync(
        TableMove move, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command(move.ReadFromSource);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new object?[move.Columns.Count];
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var column = 0; column < row.Length; column++)
                row[column] = reader.IsDBNull(column) ? null : Value(reader, column, move);
            yield return row;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _lock.Dispose();
    }

    private async Task OpenAsync(IKeyRing keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _lock.TakeFile();
        DatabaseInspection.Run(_database, checkPages: false);
        _connection = await SqliteUpkeep.OpenAsync(_database.Path, cancellationToken);
        await using (var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(_connection).Options))
        {
            if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
                throw new DatabaseRefusedException(_database.Path, "an older version of this program left it. Start this version on it once, stop it, and move then.");
        }

        var differences = await SqliteUpkeep.DifferencesAsync(_database.Path, cancellationToken);
        if (differences.Count > 0)
        {
            throw new DatabaseRefusedException(
                _database.Path, $"it is not in order, and was not moved. {differences[0]} The command check tells all; counters of waiting jobs are put right when a server starts.");
        }

        _parameters[MovedTable.Keys] = ReadKeys(keys);
        _parameters[MovedTable.Now] = now.ToUnixTimeMilliseconds();
        _parameters[MovedTable.FirstId] = JobId.FirstOf(now.AddMinutes(-1).ToUnixTimeMilliseconds()).ToByteArray();
        SqliteConnections.Run(_connection, "BEGIN");
    }

    private string ReadKeys(IKeyRing keys)
    {
        try
        {
            return JsonSerializer.Serialize(keys.GetAllElements().Select(key => new
            {
                name = $"{key.Name.LocalName}-{key.Attribute("id")?.Value}",
                xml = key.ToString(SaveOptions.DisableFormatting),
            }));
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            throw new DatabaseRefusedException(_database.Path, $"the keys beside it cannot be read: {exception.Message}");
        }
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection!.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in _parameters.Where(parameter => sql.Contains(parameter.Key, StringComparison.Ordinal)))
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private object Value(SqliteDataReader row, int column, TableMove move)
    {
        var type = move.Columns[column].Type;
        return type switch
        {
            NpgsqlDbType.Integer => Integer(row.GetInt64(column), move, column),
            NpgsqlDbType.Bigint => row.GetInt64(column),
            NpgsqlDbType.Boolean => row.GetInt64(column) != 0,
            NpgsqlDbType.Double => row.GetDouble(column),
            NpgsqlDbType.Text => Text(row.GetFieldValue<byte[]>(column), move, column),
            NpgsqlDbType.Uuid => row.GetFieldType(column) == typeof(string)
                ? Guid.Parse(row.GetString(column))
                : JobId.Read(row.GetFieldValue<byte[]>(column)).Value,
            _ => row.GetFieldValue<byte[]>(column),
        };
    }

    private int Integer(long number, TableMove move, int column) => number == (int)number ? (int)number : throw new DatabaseRefusedException(
        _database.Path, $"{number} in {Name(move, column)} is beyond what the column holds in PostgreSQL.");

    /// <summary>What is no text (a half character) or is refused (U+0000) becomes U+FFFD, and is counted.</summary>
    private string Text(byte[] bytes, TableMove move, int column)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (System.Text.Unicode.Utf8.IsValid(bytes) && !text.Contains('\0'))
            return text;
        _replaced[Name(move, column)] = _replaced.GetValueOrDefault(Name(move, column)) + 1;
        return text.Replace('\0', '\uFFFD');
    }

    private static string Name(TableMove move, int column) => $"{move.Table.Name}.{move.Columns[column].Name}";
}
