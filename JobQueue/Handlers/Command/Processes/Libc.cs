using System.Runtime.InteropServices;

namespace JobQueue.Handlers.Command.Processes;

/// <summary>
/// What starts, watches and ends processes in the C library of Linux (glibc, musl) and macOS. The framework's own class starts
/// none in a session of its own, and takes in the end of a process before anybody can look at what it leaves.
/// </summary>
internal static unsafe partial class Libc
{
    public const int Interrupted = 4;
    public const int Kill = 9;
    public const short CanRead = 1;
    public const int ReadOnly = 0;
    public const int ProcessById = 1;
    public const int Ended = 4;
    public const int DefaultSignals = 0x04;
    public const int SignalMask = 0x08;

    /// <summary>Older systems do not have it.</summary>
    public const string AddFolderName = "posix_spawn_file_actions_addchdir_np";

    private const string Library = "libc";

    public static int Stop { get; } = OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>The process stays as it is, to be waited for once more.</summary>
    public static int LeaveIt { get; } = OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;

    public static int NewSession { get; } = OperatingSystem.IsMacOS() ? 0x0400 : 0x80;

    /// <summary>Only what is named is handed on. On Linux there is no such flag.</summary>
    public static int CloseOthers { get; } = OperatingSystem.IsMacOS() ? 0x4000 : 0;

    [LibraryImport(Library, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Spawn(out int process, string path, Space* actions, Space* attributes, string?[] arguments, string?[] environment);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(Space* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(Space* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddOpen(Space* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddCopy(Space* actions, int descriptor, int copy);

    [LibraryImport(Library, EntryPoint = AddFolderName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddFolder(Space* actions, string path);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(Space* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(Space* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(Space* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetDefaultSignals(Space* attributes, Space* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(Space* attributes, Space* signals);

    [LibraryImport(Library, EntryPoint = "sigfillset")]
    public static partial int AllSignals(Space* signals);

    [LibraryImport(Library, EntryPoint = "sigemptyset")]
    public static partial int NoSignals(Space* signals);

    /// <summary>Marks a descriptor as not to be handed on.</summary>
    [LibraryImport(Library, EntryPoint = "ioctl")]
    public static partial int Control(int descriptor, nuint request);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitFor(int kind, int process, Space* about, int options);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int TakeEnd(int process, out int status, int options);

    /// <param name="process">Negative for a group.</param>
    [LibraryImport(Library, EntryPoint = "kill")]
    public static partial int Signal(int process, int signal);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Watched* watched, nuint count, int milliseconds);

    /// <summary>Room for one of the library's own structures: the largest has 336 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 1024)]
    public struct Space;

    [StructLayout(LayoutKind.Sequential)]
    public struct Watched
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
