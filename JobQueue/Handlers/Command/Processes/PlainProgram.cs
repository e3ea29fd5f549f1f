using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace JobQueue.Handlers.Command.Processes;

/// <summary>
/// A program as the framework starts it: on Windows, and on systems too old for a session of its own. Killing it reaches those
/// whose parents live; what lost its parent goes on.
/// </summary>
internal sealed class PlainProgram : IProgram
{
    private const int PieceSize = 64 << 10;
    private const int MaxPieces = 4;

    /// <summary>For what is left in the pipes when the program has ended; others may hold them longer.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Channel<ReadOnlyMemory<byte>> _output = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxPieces);

    /// <exception cref="ProgramNotStartedException">It cannot be started.</exception>
    public PlainProgram(ProgramStart start)
    {
        var info = new ProcessStartInfo(start.Path, start.Arguments)
        {
            WorkingDirectory = start.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        try
        {
            _process = Process.Start(info)!;
        }
        catch (Win32Exception exception)
        {
            throw new ProgramNotStartedException(start.Path, new Win32Exception(exception.NativeErrorCode).Message, exception);
        }

        _process.StandardInput.Close();
        ExitCode = RunAsync();
    }

    public Task<int> ExitCode { get; }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> OutputAsync() => _output.Reader.ReadAllAsync(CancellationToken.None);

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or some of it has and some of it is out of reach.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        _output.Writer.TryComplete();
        await ExitCode;
        _process.Dispose();
    }

    private async Task<int> RunAsync()
    {
        var read = Task.WhenAll(PumpAsync(_process.StandardOutput.BaseStream), PumpAsync(_process.StandardError.BaseStream));
        await _process.WaitForExitAsync(CancellationToken.None);
        await read.WaitAsync(Rest, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _output.Writer.TryComplete();
        return _process.ExitCode;
    }

    private async Task PumpAsync(Stream stream)
    {
        while (true)
        {
            var piece = new byte[PieceSize];
            var length = await stream.ReadAsync(piece, CancellationToken.None);
            if (length == 0 || !await _output.Writer.WaitToWriteAsync(CancellationToken.None))
                return;
            await _output.Writer.WriteAsync(piece.AsMemory(0, length), CancellationToken.None);
        }
    }
}
