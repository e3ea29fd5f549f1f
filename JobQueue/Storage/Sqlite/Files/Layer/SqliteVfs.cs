using System.Runtime.InteropServices;

namespace JobQueue.Storage.Sqlite.Files.Layer;

/// <summary><c>sqlite3_vfs</c>, version 3: a file layer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteVfs
{
    public int Version;
    public int FileSize;
    public int MaxPathname;
    public SqliteVfs* Next;
    public byte* Name;
    public void* AppData;
    public delegate* unmanaged[Cdecl]<SqliteVfs*, byte*, SqliteFile*, int, int*, int> Open;
    public void* Delete;
    public void* Access;
    public void* FullPathname;
    public void* DlOpen;
    public void* DlError;
    public void* DlSym;
    public void* DlClose;
    public void* Randomness;
    public void* Sleep;
    public void* CurrentTime;
    public void* GetLastError;
    public void* CurrentTimeInt64;
    public void* SetSystemCall;
    public void* GetSystemCall;
    public void* NextSystemCall;
}
