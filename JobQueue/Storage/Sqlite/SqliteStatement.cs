using System.Text;
using JobQueue.Jobs;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// A statement that is prepared once and run many times without allocating. Parameters are bound in the order ?1, ?2, …;
/// columns are read by position. Belongs to the thread of its connection.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_connection, sql, out _statement));
    }

    public SqliteStatement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public SqliteStatement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public SqliteStatement Bind(double? value)
    {
        if (value is not { } number)
            return BindNull();
        Check(raw.sqlite3_bind_double(_statement, ++_bound, number));
        return this;
    }

    public SqliteStatement Bind(string? value)
    {
        if (value is null)
            return BindNull();
        Span<byte> small = stackalloc byte[256];
        if (value.Length * 3 <= small.Length)
            Check(raw.sqlite3_bind_text(_statement, ++_bound, small[..Encoding.UTF8.GetBytes(value, small)]));
        else
            Check(raw.sqlite3_bind_text(_statement, ++_bound, Encoding.UTF8.GetBytes(value).AsSpan()));
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
        Check(raw.sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    public SqliteStatement Bind(ReadOnlyMemory<byte>? value) => value is { } bytes ? Bind(bytes.Span) : BindNull();

    public SqliteStatement BindNull()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_DONE)
            Fail(result);
        Reset();
        return raw.sqlite3_changes(_connection);
    }

    /// <summary>Moves to the next row. After the last one, or after <see cref="Reset"/>, the statement can be bound again.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            Fail(result);
        Reset();
        return false;
    }

    public void Reset()
    {
        _ = raw.sqlite3_reset(_statement);
        _bound = 0;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public int Int32(int column) => raw.sqlite3_column_int(_statement, column);

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Int64(column));

    public DateTimeOffset? NullableTime(int column) => IsNull(column) ? null : Time(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public byte[]? NullableBytes(int column) => IsNull(column) ? null : Blob(column).ToArray();

    public JobId Id(int column) => JobId.Read(Blob(column));

    public void Dispose() => _statement.Dispose();

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
