using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace JobQueue.Storage.Sqlite.Files.Layer;

/// <summary>
/// SQLite's own file layer, but for the write-ahead log: what a transaction adds to it is written in two pieces, all but its last
/// page and that one, and flushed without the file's times. SQLite writes each page by two system calls, which for a commit of 16
/// pages cost as much as the flush behind them (measured: 180 µs, in one piece 9 µs; <c>bench --only store</c> with
/// <c>Storage:GatherWrites</c> on and off shows the difference). See https://sqlite.org/vfs.html and, for
/// what is written, https://sqlite.org/walformat.html.
/// </summary>
/// <remarks>
/// Held back are only frames in the middle of a transaction, which nobody may read yet. The frame header that ends one goes to
/// the file with all before it, and so does everything held back before the file is read, measured, cut or flushed. A crash loses
/// what is held back: a transaction that was not committed. Its connection must not spill its cache (<c>cache_spill</c>) where a
/// transaction goes on after an error: then all frames are written by the commit, and whatever fails undoes the whole of it.
/// </remarks>
internal static unsafe class GatheringVfs
{
    /// <summary>For the connection string.</summary>
    public const string Name = "gathering";

    private const int Ok = 0;
    private const int CannotOpen = 14;
    private const int FlushFailed = 1034;
    private const int OpenWal = 0x00080000;
    private const int FilePointer = 7;
    private const int SyncNormal = 2;
    private const int FrameHeaderSize = 24;

    /// <summary>More than this the system's layer does not write at once (<c>seekAndWriteFd</c> in os_unix.c cuts it off).</summary>
    private const int Capacity = (1 << 17) - 1;

    /// <summary>O_RDWR | O_CLOEXEC of Linux.</summary>
    private const int OpenReadWrite = 0x80002;

    private const int NoDescriptor = -1;

    /// <summary>SQLite's own.</summary>
    private static readonly SqliteVfs* SystemVfs = (SqliteVfs*)SqliteNative.FindVfs(null);

    private static readonly SqliteIoMethods* WalMethods = CreateMethods();
    private static readonly Lazy<int> Registered = new(() => Register(Name, &FlushData, SystemVfs));

    /// <summary>Makes the layer known to SQLite; a second call does nothing. Thread-safe.</summary>
    public static void Register()
    {
        if (Registered.Value != Ok)
            throw new InvalidOperationException($"SQLite did not accept the file layer: error {Registered.Value}.");
    }

    /// <summary>Makes a layer known that flushes in a way of its own.</summary>
    /// <param name="name">Taken once in the life of the process.</param>
    /// <param name="flush">Given a file descriptor, answers 0 when all that was written there is on the disk. For Linux.</param>
    /// <param name="inner">The layer below.</param>
    /// <returns>SQLite's result.</returns>
    public static int Register(string name, delegate* unmanaged[Cdecl]<int, int> flush, SqliteVfs* inner)
    {
        var layer = (Layer*)NativeMemory.AllocZeroed((nuint)sizeof(Layer));
        layer->Vfs = *inner;
        layer->Inner = inner;
        layer->Vfs.Next = null;
        layer->Vfs.Name = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        layer->Vfs.FileSize = sizeof(WalFile) + inner->FileSize;
        layer->Vfs.Open = &Open;
        layer->Flush = flush;
        return SqliteNative.RegisterVfs(layer, makeDefault: 0);
    }

    /// <summary>
    /// Flushes the database itself, by the connection's own file: a second one, when it is closed, would take the locks of the
    /// whole process with it.
    /// </summary>
    /// <returns>SQLite's result.</returns>
    public static int FlushDatabase(SqliteConnection connection)
    {
        SqliteFile* file;
        var result = SqliteNative.FileControl(connection.Handle!.DangerousGetHandle(), null, FilePointer, &file);
        return result != Ok ? result : file->Methods->Sync(file, SyncNormal);
    }

    private static SqliteIoMethods* CreateMethods()
    {
        var methods = (SqliteIoMethods*)NativeMemory.AllocZeroed((nuint)sizeof(SqliteIoMethods));
        *methods = new SqliteIoMethods
        {
            Version = 1,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            Size = &Size,
            Lock = &Lock,
            Unlock = &Unlock,
            CheckReservedLock = &CheckReservedLock,
            Control = &Control,
            SectorSize = &SectorSize,
            Characteristics = &Characteristics,
        };
        return methods;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SqliteVfs* layer, byte* name, SqliteFile* file, int flags, int* outFlags)
    {
        var inner = ((Layer*)layer)->Inner;
        if ((flags & OpenWal) == 0)
            return inner->Open(inner, name, file, flags, outFlags);
        var wal = (WalFile*)file;
        *wal = default;
        var result = inner->Open(inner, name, wal->Inner, flags, outFlags);
        if (result != Ok)
            return result;
        wal->Flush = ((Layer*)layer)->Flush;
        // SQLite's own would flush the file's times too, which is a second write on a disk with a journal.
        wal->Descriptor = OperatingSystem.IsLinux() ? OpenDescriptor(name, OpenReadWrite) : NoDescriptor;
        if (OperatingSystem.IsLinux() && wal->Descriptor < 0)
        {
            _ = wal->Inner->Methods->Close(wal->Inner);
            return CannotOpen;
        }

        wal->Buffer = (byte*)NativeMemory.Alloc(Capacity);
        wal->Methods = WalMethods;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(SqliteFile* opened)
    {
        var file = (WalFile*)opened;
        // What is still held back was never committed.
        var closed = file->Inner->Methods->Close(file->Inner);
        if (file->Descriptor != NoDescriptor)
            _ = CloseDescriptor(file->Descriptor);
        NativeMemory.Free(file->Buffer);
        return closed;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SqliteFile* opened, byte* data, int count, long offset)
    {
        var file = (WalFile*)opened;
        var isHeader = count == FrameHeaderSize;
        var follows = file->Held > 0 && offset == file->Start + file->Held;
        // A page stays with its header. What else SQLite writes, it does not write as a frame at the end of the log.
        if ((!isHeader && !follows) || count > Capacity)
        {
            var before = WriteHeld(file);
            return before != Ok ? before : file->Inner->Methods->Write(file->Inner, data, count, offset);
        }

        if (!follows || file->Held + count > Capacity)
        {
            if (WriteHeld(file) is not Ok and var failed)
                return failed;
            file->Start = offset;
        }

        Unsafe.CopyBlockUnaligned(file->Buffer + file->Held, data, (uint)count);
        file->Held += count;
        return isHeader && EndsTransaction(data) ? WriteHeld(file) : Ok;
    }

    /// <summary>The size of the database after the transaction, which only its last frame tells; else zero.</summary>
    private static bool EndsTransaction(byte* header) => Unsafe.ReadUnaligned<int>(header + 4) != 0;

    private static int WriteHeld(WalFile* file)
    {
        if (file->Held == 0)
            return Ok;
        var result = file->Inner->Methods->Write(file->Inner, file->Buffer, file->Held, file->Start);
        // Held no longer, also when it failed: SQLite undoes the transaction.
        file->Held = 0;
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(SqliteFile* opened, byte* data, int count, long offset)
    {
        var file = (WalFile*)opened;
        return WriteHeld(file) is not Ok and var failed ? failed : file->Inner->Methods->Read(file->Inner, data, count, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(SqliteFile* opened, long size)
    {
        var file = (WalFile*)opened;
        return WriteHeld(file) is not Ok and var failed ? failed : file->Inner->Methods->Truncate(file->Inner, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SqliteFile* opened, int flags)
    {
        var file = (WalFile*)opened;
        if (WriteHeld(file) is not Ok and var failed)
            return failed;
        // SQLite's own flush also sees to the name of a new file in its folder: without it the file might be gone after a power cut.
        if (file->Descriptor == NoDescriptor || !file->IsNamed)
        {
            var result = file->Inner->Methods->Sync(file->Inner, flags);
            file->IsNamed = result == Ok;
            if (result != Ok || file->Descriptor == NoDescriptor)
                return result;
        }

        return file->Flush(file->Descriptor) == 0 ? Ok : FlushFailed;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Size(SqliteFile* opened, long* size)
    {
        var file = (WalFile*)opened;
        return WriteHeld(file) is not Ok and var failed ? failed : file->Inner->Methods->Size(file->Inner, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(SqliteFile* opened, int level)
    {
        var file = (WalFile*)opened;
        return file->Inner->Methods->Lock(file->Inner, level);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Unlock(SqliteFile* opened, int level)
    {
        var file = (WalFile*)opened;
        return file->Inner->Methods->Unlock(file->Inner, level);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReservedLock(SqliteFile* opened, int* result)
    {
        var file = (WalFile*)opened;
        return file->Inner->Methods->CheckReservedLock(file->Inner, result);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Control(SqliteFile* opened, int operation, void* argument)
    {
        var file = (WalFile*)opened;
        return file->Inner->Methods->Control(file->Inner, operation, argument);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(SqliteFile* opened)
    {
        var file = (WalFile*)opened;
        return file->Inner->Methods->SectorSize(file->Inner);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Characteristics(SqliteFile* opened)
    {
        var file = (WalFile*)opened;
        return file->Inner->Methods->Characteristics(file->Inner);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FlushData(int descriptor) => FlushDescriptor(descriptor);

    [DllImport("libc", EntryPoint = "open")]
    private static extern int OpenDescriptor(byte* path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int CloseDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "fdatasync")]
    private static extern int FlushDescriptor(int descriptor);

    /// <summary>A file layer with its way to flush.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Layer
    {
        public SqliteVfs Vfs;

        /// <summary>What does everything else.</summary>
        public SqliteVfs* Inner;
        public delegate* unmanaged[Cdecl]<int, int> Flush;
    }

    /// <summary>An open write-ahead log. The file of SQLite's own layer follows it in memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WalFile
    {
        public SqliteIoMethods* Methods;

        /// <summary>What is held back: so many bytes that belong at <see cref="Start"/>.</summary>
        public byte* Buffer;

        public long Start;
        public int Held;

        /// <summary>The same file once more, to be flushed.</summary>
        public int Descriptor;

        public delegate* unmanaged[Cdecl]<int, int> Flush;

        /// <summary>Whether the file's name is on the disk.</summary>
        public bool IsNamed;

        public SqliteFile* Inner => (SqliteFile*)((WalFile*)Unsafe.AsPointer(ref this) + 1);
    }
}
