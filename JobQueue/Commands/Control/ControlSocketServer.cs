using System.Net.Sockets;
using System.Text.Json;
using JobQueue.Storage;

namespace JobQueue.Commands.Control;

/// <summary>Runs, inside the server that owns the database, the verbs that commands hand over.</summary>
internal sealed partial class ControlSocketServer(
    DatabaseFile database, IServiceProvider services, IEnumerable<DatabaseVerb> verbs, ILogger<ControlSocketServer> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private ControlSocket? _socket;
    private Task _accepting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _socket = ControlSocket.Listen(database);
        _accepting = AcceptAsync(_socket.Socket);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_socket is null)
            return;
        await _stopping.CancelAsync();
        await _accepting.WaitAsync(cancellationToken);
        Dispose();
    }

    public void Dispose()
    {
        if (_socket is null)
            return;
        _socket.Dispose();
        _socket = null;
        File.Delete(ControlSocket.PathOf(database));
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket socket)
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await socket.AcceptAsync(_stopping.Token);
                served.RemoveAll(task => task.IsCompleted);
                served.Add(ServeAsync(connection));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream);
            if (await reader.ReadLineAsync(_stopping.Token) is not { } line)
                return;
            var request = JsonSerializer.Deserialize<ControlRequest>(line, JsonSerializerOptions.Web)!;
            await writer.WriteLineAsync(JsonSerializer.Serialize(await RunAsync(request), JsonSerializerOptions.Web));
        }
        catch (Exception exception) when (exception is IOException or JsonException or OperationCanceledException)
        {
            LogCallerGone(logger, exception.Message);
        }
    }

    private async Task<ControlAnswer> RunAsync(ControlRequest request)
    {
        try
        {
            var verb = verbs.FirstOrDefault(verb => verb.Name == request.Verb)
                ?? throw new CommandFailedException($"The server does not know the command \"{request.Verb}\": it is of another version.");
            var output = await verb.RunAsync(services, request.Arguments, _stopping.Token);
            LogRan(logger, request.Verb);
            return new ControlAnswer(output);
        }
        catch (Exception exception) when (exception is WrongUsageException or CommandFailedException)
        {
            return new ControlAnswer(null, exception.Message, exception is WrongUsageException);
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception, request.Verb);
            return new ControlAnswer(null, $"The server could not do it; its log says more. {exception.Message}");
        }
    }

    [LoggerMessage(1600, LogLevel.Information, "Ran the command {Command} for the command line")]
    private static partial void LogRan(ILogger logger, string command);

    [LoggerMessage(1601, LogLevel.Error, "The command {Command} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string command);

    [LoggerMessage(1602, LogLevel.Debug, "A command went away before it was answered: {Reason}")]
    private static partial void LogCallerGone(ILogger logger, string reason);
}
