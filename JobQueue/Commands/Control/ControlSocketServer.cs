using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;
using JobQueue.Storage;

namespace JobQueue.Commands.Control;

/// <summary>
/// Runs, inside the server that owns the database, the verbs that commands hand over. Callers are served beside one another:
/// one that is slow, talks nonsense or goes harms itself alone.
/// </summary>
internal sealed partial class ControlSocketServer(
    DatabaseFile database, IServiceProvider services, IEnumerable<DatabaseVerb> verbs, TimeProvider time, ILogger<ControlSocketServer> logger)
    : BackgroundService
{
    /// <summary>Far more than a request has.</summary>
    private const int MaxRequestBytes = 65_536;

    private static readonly TimeSpan TimeToAsk = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private ControlSocket? _socket;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _socket = ControlSocket.Listen(database);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await base.StopAsync(cancellationToken);
        }
        finally
        {
            Close();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Close();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var served = new List<Task>();
        while (await AcceptAsync(_socket!.Socket, stoppingToken) is { } connection)
        {
            served.RemoveAll(task => task.IsCompleted);
            served.Add(ServeAsync(connection, stoppingToken));
        }

        await Task.WhenAll(served);
    }

    /// <summary>
    /// The next caller; <see langword="null"/> at the stop. A system that is out of descriptors, or a caller that went before
    /// it was taken, is no reason to hear nobody any more.
    /// </summary>
    private async Task<Socket?> AcceptAsync(Socket socket, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await socket.AcceptAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (SocketException exception)
            {
                LogNotTaken(logger, exception.Message, PauseAfterFailure.TotalSeconds);
                await Task.Delay(PauseAfterFailure, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken stopping)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            if (await ReadLineAsync(stream, stopping) is not { } line)
                return;
            var answer = JsonSerializer.SerializeToUtf8Bytes(await RunAsync(line, stopping), ControlRequest.Json);
            // What was done is told, also while the server stops: it may be a token that cannot be shown again.
            await stream.WriteAsync(answer, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogCallerGone(logger, exception.Message);
        }
    }

    /// <summary><see langword="null"/> when the caller goes before its line ends, or says more than any request is long.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadLineAsync(NetworkStream stream, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(TimeToAsk, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
        var line = new ArrayBufferWriter<byte>();
        while (line.WrittenCount < MaxRequestBytes)
        {
            var read = await stream.ReadAsync(line.GetMemory(), deadline.Token);
            if (read == 0)
                return null;
            line.Advance(read);
            if (line.WrittenSpan[^read..].IndexOf((byte)'\n') is var end and >= 0)
                return line.WrittenMemory[..(line.WrittenCount - read + end)];
        }

        return null;
    }

    private async Task<ControlAnswer> RunAsync(ReadOnlyMemory<byte> line, CancellationToken stopping)
    {
        var name = "?";
        try
        {
            var request = JsonSerializer.Deserialize<ControlRequest>(line.Span, ControlRequest.Json);
            name = request?.Verb ?? name;
            var verb = verbs.FirstOrDefault(verb => verb.Name == name)
                ?? throw new CommandFailedException($"The server does not know the command \"{name}\": it is of another version.");
            var output = await verb.RunAsync(services, request!.Arguments, stopping);
            LogRan(logger, name);
            return new ControlAnswer(output);
        }
        catch (JsonException exception)
        {
            return new ControlAnswer(null, $"The server does not understand the command: it is of another version. {exception.Message}");
        }
        catch (Exception exception) when (exception is WrongUsageException or CommandFailedException)
        {
            return new ControlAnswer(null, exception.Message, exception is WrongUsageException);
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception, name);
            return new ControlAnswer(null, $"The server could not do it; its log says more. {exception.Message}");
        }
    }

    private void Close()
    {
        if (_socket is null)
            return;
        _socket.Dispose();
        _socket = null;
        File.Delete(ControlSocket.PathOf(database));
    }

    [LoggerMessage(1600, LogLevel.Information, "Ran the command {Command} for the command line")]
    private static partial void LogRan(ILogger logger, string command);

    [LoggerMessage(1601, LogLevel.Error, "The command {Command} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string command);

    [LoggerMessage(1602, LogLevel.Debug, "A command went away before it was answered: {Reason}")]
    private static partial void LogCallerGone(ILogger logger, string reason);

    [LoggerMessage(1603, LogLevel.Warning, "No command could be taken ({Reason}); the next try is in {Seconds} s")]
    private static partial void LogNotTaken(ILogger logger, string reason, double seconds);
}
