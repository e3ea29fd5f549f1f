using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Files.Layer;

namespace JobQueue.Tests.Storage.Sqlite.Files.Layer;

/// <summary>
/// A disk below <see cref="GatheringVfs"/> whose writes and flushes of the write-ahead log fail when they are told to. There is one
/// in the process, for one test at a time.
/// </summary>
internal static unsafe class FaultyDisk
{
    /// <summary>For the connection string.</summary>
    public const string Name = "gathering-faulty";

    private const int Ok = 0;
    private const int OpenWal = 0x00080000;
    private const int WriteFailed = 778;
    private const int Full = 13;
    private const int Never = -1;

    private static readonly SqliteVfs* System = (SqliteVfs*)SqliteNative.FindVfs(null);
    private static readonly SqliteIoMethods* Methods = (SqliteIoMethods*)NativeMemory.AllocZeroed((nuint)sizeof(SqliteIoMethods));
    private static readonly List<(long Start, int Count)> Pieces = [];
    private static readonly int Registered = Register();

    private static SqliteIoMethods* _systemMethods;
    private static int _goodUntilFault = Never;
    private static bool _isFull;

    /// <summary>Whether the fault that was asked for has happened.</summary>
    public static bool HasFailed { get; private set; }

    /// <summary>What was written to the log since the fault was asked for, in order.</summary>
    public static IReadOnlyList<(long Start, int Count)> Written => Pieces;

    public static void Insert() => Assert.Equal(Ok, Registered);

    /// <summary>Lets so many writes and flushes succeed and the one after them fail; those after that succeed again.</summary>
    /// <param name="isFull">Whether it is for want of space: a write that fails so has written a half.</param>
    public static void FailAfter(int good, bool isFull)
    {
        Pieces.Clear();
        (_goodUntilFault, _isFull, HasFailed) = (good, isFull, false);
    }

    public static void Heal() => _goodUntilFault = Never;

    private static int Register()
    {
        var disk = (SqliteVfs*)NativeMemory.AllocZeroed((nuint)sizeof(SqliteVfs));
        *disk = *System;
        disk->Next = null;
        disk->Name = (byte*)Marshal.StringToCoTaskMemUTF8("faulty");
        disk->Open = &Open;
        return GatheringVfs.Register(Name, &Flush, disk);
    }

    private static bool FailsNow()
    {
        if (_goodUntilFault == Never || _goodUntilFault-- > 0)
            return false;
        _goodUntilFault = Never;
        return HasFailed = true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SqliteVfs* disk, byte* name, SqliteFile* file, int flags, int* outFlags)
    {
        var result = System->Open(System, name, file, flags, outFlags);
        if (result != Ok || (flags & OpenWal) == 0)
            return result;
        _systemMethods = file->Methods;
        *Methods = *_systemMethods;
        Methods->Version = 1;
        Methods->Write = &Write;
        Methods->Sync = &Sync;
        file->Methods = Methods;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SqliteFile* file, byte* data, int count, long offset)
    {
        if (FailsNow())
        {
            if (!_isFull)
                return WriteFailed;
            _ = _systemMethods->Write(file, data, count / 2, offset);
            return Full;
        }

        Pieces.Add((offset, count));
        return _systemMethods->Write(file, data, count, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SqliteFile* file, int flags) => FailsNow() ? WriteFailed : _systemMethods->Sync(file, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Flush(int descriptor) => FailsNow() ? -1 : 0;
}
