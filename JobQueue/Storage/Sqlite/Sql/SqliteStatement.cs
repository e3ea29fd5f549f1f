using System.Text;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Sql;

/// <summary>
/// A statement that is prepared once and run many times without allocating. Parameters are bound in the order ?1, ?2, …;
/// columns are read by position. Belongs to the thread of its connection.
/// </summary>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private const int Short = 256;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _prepared;
    private readonly nint _database;
    private readonly nint _statement;
    private int _bound;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_connection, sql, out _prepared));
        (_database, _statement) = (_connection.DangerousGetHandle(), _prepared.DangerousGetHandle());
    }

    public SqliteStatement Bind(long value)
    {
        Check(SqliteNative.BindInt64(_statement, ++_bound, value));
        return this;
    }

    public SqliteStatement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public SqliteStatement Bind(double? value)
    {
        if (value is not { } number)
            return BindNull();
        Check(SqliteNative.BindDouble(_statement, ++_bound, number));
        return this;
    }

    public SqliteStatement Bind(string? value)
    {
        if (value is null)
            return BindNull();
        if (value.Length * 3 <= Short)
        {
            var small = stackalloc byte[Short];
            var length = Encoding.UTF8.GetBytes(value, new Span<byte>(small, Short));
            Check(SqliteNative.BindShortText(_statement, ++_bound, small, length, SqliteNative.Transient));
            return this;
        }

        var encoded = Encoding.UTF8.GetBytes(value);
        fixed (byte* bytes = encoded)
            Check(SqliteNative.BindText(_statement, ++_bound, bytes, encoded.Length, SqliteNative.Transient));
        return this;
    }

    public SqliteStatement Bind(JobId id)
    {
        Span<byte> bytes = stackalloc byte[JobId.Size];
        id.Write(bytes);
        return Bind(bytes);
    }

    public SqliteStatement Bind(ReadOnlySpan<byte> value)
    {
        // An empty value must not be a null pointer, which SQLite takes for NULL.
        byte empty;
        fixed (byte* bytes = value)
        {
            var start = value.IsEmpty ? &empty : bytes;
            Check(value.Length <= Short
                ? SqliteNative.BindShortBlob(_statement, ++_bound, start, value.Length, SqliteNative.Transient)
                : SqliteNative.BindBlob(_statement, ++_bound, start, value.Length, SqliteNative.Transient));
        }

        return this;
    }

    public SqliteStatement Bind(ReadOnlyMemory<byte>? value) => value is { } bytes ? Bind(bytes.Span) : BindNull();

    public SqliteStatement BindNull()
    {
        Check(SqliteNative.BindNull(_statement, ++_bound));
        return this;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        var result = SqliteNative.Step(_statement);
        if (result != raw.SQLITE_DONE)
            Fail(result);
        Reset();
        return SqliteNative.Changes(_database);
    }

    /// <summary>Moves to the next row. After the last one, or after <see cref="Reset"/>, the statement can be bound again.</summary>
    public bool Step()
    {
        var result = SqliteNative.Step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            Fail(result);
        Reset();
        return false;
    }

    public void Reset()
    {
        _ = SqliteNative.Reset(_statement);
        _bound = 0;
    }

    public bool IsNull(int column) => SqliteNative.ColumnType(_statement, column) == raw.SQLITE_NULL;

    public int Int32(int column) => (int)Int64(column);

    public long Int64(int column) => SqliteNative.ColumnInt64(_statement, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Int64(column));

    public DateTimeOffset? NullableTime(int column) => IsNull(column) ? null : Time(column);

    public string Text(int column) => Encoding.UTF8.GetString(Blob(column));

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) =>
        new(SqliteNative.ColumnBlob(_statement, column), SqliteNative.ColumnBytes(_statement, column));

    public byte[]? NullableBytes(int column) => IsNull(column) ? null : Blob(column).ToArray();

    /// <summary>From two columns: the URL, and which ends are told.</summary>
    public Callback? NullableCallback(int column) =>
        IsNull(column) ? null : new Callback(Text(column), (CallbackOn)Int32(column + 1));

    public JobId Id(int column) => JobId.Read(Blob(column));

    public void Dispose() => _prepared.Dispose();

    private void Fail(int result)
    {
        // The reset repeats the error code; the message has to be taken from the connection before it.
        try
        {
            SqliteException.ThrowExceptionForRC(result, _connection);
        }
        finally
        {
            Reset();
        }
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            Fail(result);
    }
}
