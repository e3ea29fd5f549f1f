using System.Runtime.InteropServices;

namespace JobQueue.Storage.Sqlite.Files.Layer;

/// <summary><c>sqlite3_file</c>: what begins every open file.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteFile
{
    public SqliteIoMethods* Methods;
}
