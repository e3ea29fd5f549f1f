using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace JobQueue.Handlers.Command.Processes;

/// <summary>
/// A program on Linux or macOS, leader of a session of its own: a signal to its group reaches all that it started, also what lost
/// its parent, but for those who left the group.
/// </summary>
/// <remarks>
/// It gets three descriptors and no other, no signal of ours ignored or blocked, and no terminal. Its end is taken in only after its
/// group was killed: until then nobody else can have its number.
/// </remarks>
internal sealed class SessionProgram : IProgram
{
    private const int PieceSize = 64 << 10;

    /// <summary>The most a pipe holds. What is left in it when the program has ended is read, and nothing that others add.</summary>
    private const int PipeSize = 1 << 20;

    private readonly int _id;
    private readonly AnonymousPipeServerStream _output;
    private readonly AnonymousPipeServerStream _end = new(PipeDirection.In, HandleInheritability.None);
    private readonly TaskCompletionSource<int> _exitCode = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _ended;

    private SessionProgram(int id, AnonymousPipeServerStream output)
    {
        (_id, _output) = (id, output);
        new Thread(AwaitEnd) { IsBackground = true, Name = $"Command {id}" }.Start();
    }

    /// <summary>Whether the system can do it: nearly every Linux (glibc since 2.29) and macOS.</summary>
    public static bool IsPossible { get; } =
        (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), Libc.AddFolderName, out _);

    public Task<int> ExitCode => _exitCode.Task;

    /// <exception cref="ProgramNotStartedException">It cannot be started.</exception>
    public static SessionProgram Start(ProgramStart start)
    {
        OwnDescriptors.KeepToOurselves();
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        try
        {
            var error = Spawn(start, output.ClientSafePipeHandle, out var id);
            if (error != 0)
                throw new ProgramNotStartedException(start.Path, new Win32Exception(error).Message);
            output.DisposeLocalCopyOfClientHandle();
            return new SessionProgram(id, output);
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> OutputAsync()
    {
        var piece = new byte[PieceSize];
        var left = PipeSize;
        // The system has no reading from a pipe that does not take a thread; the framework's own takes one as well.
        while (left > 0 && await Task.Run(() => Read(piece)) is { Length: > 0 } read)
        {
            yield return piece.AsMemory(0, read.Length);
            if (read.HasEnded)
                left -= read.Length;
        }
    }

    public void Kill()
    {
        lock (_gate)
        {
            if (_ended)
                return;
            // Who stands still starts nobody while the others are looked for.
            _ = Libc.Signal(-_id, Libc.Stop);
            foreach (var descendant in ProcessTable.DescendantsOf(_id))
                _ = Libc.Signal(descendant, Libc.Kill);
            _ = Libc.Signal(-_id, Libc.Kill);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await ((Task)ExitCode).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _output.DisposeAsync();
        await _end.DisposeAsync();
    }

    private static unsafe int Spawn(ProgramStart start, SafeHandle output, out int id)
    {
        Libc.Space actions, attributes, signals;
        Check(Libc.InitActions(&actions));
        Check(Libc.InitAttributes(&attributes));
        try
        {
            var descriptor = (int)output.DangerousGetHandle();
            Check(Libc.AddOpen(&actions, 0, "/dev/null", Libc.ReadOnly, 0));
            Check(Libc.AddCopy(&actions, descriptor, 1));
            Check(Libc.AddCopy(&actions, descriptor, 2));
            Check(Libc.AddFolder(&actions, start.Folder));
            Check(Libc.AllSignals(&signals));
            Check(Libc.SetDefaultSignals(&attributes, &signals));
            Check(Libc.NoSignals(&signals));
            Check(Libc.SetSignalMask(&attributes, &signals));
            Check(Libc.SetFlags(&attributes, (short)(Libc.NewSession | Libc.CloseOthers | Libc.DefaultSignals | Libc.SignalMask)));
            return Libc.Spawn(
                out id,
                start.Path,
                &actions,
                &attributes,
                [start.Path, .. start.Arguments, null],
                [.. start.Environment.Select(variable => $"{variable.Key}={variable.Value}"), null]);
        }
        finally
        {
            _ = Libc.DestroyAttributes(&attributes);
            _ = Libc.DestroyActions(&actions);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new Win32Exception(error);
    }

    /// <summary>Waits for output, and for the end of the program, which others may outlive who hold its pipe.</summary>
    private unsafe (int Length, bool HasEnded) Read(byte[] piece)
    {
        var watched = stackalloc Libc.Watched[2];
        watched[0] = new Libc.Watched { Descriptor = (int)_output.SafePipeHandle.DangerousGetHandle(), Events = Libc.CanRead };
        watched[1] = new Libc.Watched { Descriptor = (int)_end.SafePipeHandle.DangerousGetHandle(), Events = Libc.CanRead };
        while (Libc.Poll(watched, 2, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
                throw new Win32Exception();
        }

        return (watched[0].Happened == 0 ? 0 : _output.Read(piece), watched[1].Happened != 0);
    }

    /// <summary>Runs on a thread of its own.</summary>
    private unsafe void AwaitEnd()
    {
        Libc.Space about;
        while (Libc.WaitFor(Libc.ProcessById, _id, &about, Libc.Ended | Libc.LeaveIt) != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
        {
        }

        lock (_gate)
        {
            _ = Libc.Signal(-_id, Libc.Kill);
            if (Libc.TakeEnd(_id, out var status, 0) == _id)
                _exitCode.SetResult(ExitCodeOf(status));
            else
                _exitCode.SetException(new InvalidOperationException("The program's exit code was lost: something else took it, or the server was started with the signal SIGCHLD ignored."));
            _ended = true;
        }

        // Whoever reads is woken.
        _end.DisposeLocalCopyOfClientHandle();
    }

    private static int ExitCodeOf(int status) => (status & 0x7F) is 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
}
