using System.Runtime.InteropServices;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// SQLite's own functions for the hot path (https://sqlite.org/c3ref/funclist.html). The package's wrappers count a reference to
/// the statement and pass through an interface at each of the thirty calls a job takes: measured under
/// <c>bench --only store</c>, a tenth of the writer's time.
/// Those that end within a microsecond, or at most free a value bound before, are called without telling the garbage collector.
/// </summary>
internal static unsafe class SqliteNative
{
    /// <summary>SQLITE_TRANSIENT: SQLite copies what it is given.</summary>
    public static readonly nint Transient = -1;

    private const string Library = "e_sqlite3";

    [DllImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static extern int BindInt64(nint statement, int index, long value);

    [DllImport(Library, EntryPoint = "sqlite3_bind_double"), SuppressGCTransition]
    public static extern int BindDouble(nint statement, int index, double value);

    [DllImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static extern int BindNull(nint statement, int index);

    /// <summary>For short values alone: the copy of a long one would hold up a collection.</summary>
    [DllImport(Library, EntryPoint = "sqlite3_bind_blob"), SuppressGCTransition]
    public static extern int BindShortBlob(nint statement, int index, byte* value, int length, nint destructor);

    [DllImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static extern int BindBlob(nint statement, int index, byte* value, int length, nint destructor);

    [DllImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    public static extern int BindShortText(nint statement, int index, byte* value, int length, nint destructor);

    [DllImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static extern int BindText(nint statement, int index, byte* value, int length, nint destructor);

    [DllImport(Library, EntryPoint = "sqlite3_step")]
    public static extern int Step(nint statement);

    [DllImport(Library, EntryPoint = "sqlite3_reset")]
    public static extern int Reset(nint statement);

    [DllImport(Library, EntryPoint = "sqlite3_changes"), SuppressGCTransition]
    public static extern int Changes(nint connection);

    [DllImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    public static extern int ColumnType(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    public static extern long ColumnInt64(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_blob")]
    public static extern byte* ColumnBlob(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    public static extern int ColumnBytes(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_file_control")]
    public static extern int FileControl(nint connection, byte* database, int operation, void* argument);

    [DllImport(Library, EntryPoint = "sqlite3_vfs_find")]
    public static extern void* FindVfs(byte* name);

    [DllImport(Library, EntryPoint = "sqlite3_vfs_register")]
    public static extern int RegisterVfs(void* vfs, int makeDefault);
}
