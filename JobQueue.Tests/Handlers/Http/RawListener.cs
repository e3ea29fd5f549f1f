using System.Net;
using System.Net.Sockets;

namespace JobQueue.Tests.Handlers.Http;

/// <summary>Takes connections, counts them, and says what it is told to each, whatever comes.</summary>
internal sealed class RawListener : IDisposable
{
    private readonly TcpListener _listener;
    private readonly byte[] _answer;
    private int _connections;

    /// <param name="answer">Bytes; the connection ends after them.</param>
    public RawListener(string answer = "", IPAddress? address = null, int port = 0)
    {
        _answer = System.Text.Encoding.ASCII.GetBytes(answer);
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>So far, those that nobody has taken yet included.</summary>
    public int Connections => Volatile.Read(ref _connections) + (_listener.Pending() ? 1 : 0);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _connections);
                if (_answer.Length == 0)
                    continue;
                // What is unread when a socket is closed makes the other side lose the answer.
                await socket.ReceiveAsync(new byte[64 << 10]);
                await socket.SendAsync(_answer);
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
