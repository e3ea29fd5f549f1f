using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JobQueue.Bench;

/// <summary>
/// Sends one request over and over on kept-alive connections, each waiting for its answer before it sends again. One thread, a
/// poll and two system calls a request: it must leave the cores to the server, which a whole HTTP client would not.
/// </summary>
internal sealed class HttpLoad : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Socket, Connection> _connections = [];
    private readonly byte[] _request;
    private readonly int _status;

    /// <param name="server">Where to connect.</param>
    /// <param name="request">Head and body, as they go over the wire.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="status">The status that every answer must have.</param>
    public HttpLoad(IPEndPoint server, byte[] request, int connections, int status)
    {
        (_request, _status) = (request, status);
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _connections.Add(socket, new Connection());
            socket.Connect(server);
        }
    }

    public static byte[] Request(IPEndPoint server, string path, string token, ReadOnlySpan<byte> body)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: {server}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    /// <summary>Runs on a thread of its own.</summary>
    /// <returns>Requests a second, the waits, and how many requests were answered.</returns>
    public Task<(double PerSecond, Latencies Waits, int Answered)> RunAsync(TimeSpan duration) => Task.Factory.StartNew(
        () => Run(duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var socket in _connections.Keys)
            socket.Dispose();
    }

    private (double PerSecond, Latencies Waits, int Answered) Run(TimeSpan duration)
    {
        var waits = new List<long>();
        var open = _connections.Keys.ToList();
        var ready = new List<Socket>(open.Count);
        var started = Stopwatch.GetTimestamp();
        foreach (var socket in open)
            Send(socket);
        while (open.Count > 0)
        {
            ready.Clear();
            ready.AddRange(open);
            Socket.Select(ready, null, null, Patience);
            if (ready.Count == 0)
                throw new InvalidOperationException($"The server did not answer for {Patience.TotalSeconds} s.");
            foreach (var socket in ready)
            {
                var connection = _connections[socket];
                if (!connection.Receive(socket, _status))
                    continue;
                waits.Add(Stopwatch.GetTimestamp() - connection.SentAt);
                if (Stopwatch.GetElapsedTime(started) < duration)
                    Send(socket);
                else
                    open.Remove(socket);
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return (waits.Count / elapsed.TotalSeconds, Latencies.Of([.. waits]), waits.Count);
    }

    private void Send(Socket socket)
    {
        _connections[socket].SentAt = Stopwatch.GetTimestamp();
        socket.Send(_request);
    }

    /// <summary>What came of the answer that is under way.</summary>
    private sealed class Connection
    {
        private byte[] _buffer = new byte[4096];
        private int _received;
        private int _length;

        public long SentAt { get; set; }

        /// <summary>Reads what there is. True when the answer is complete.</summary>
        public bool Receive(Socket socket, int status)
        {
            if (_received == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            var count = socket.Receive(_buffer.AsSpan(_received));
            if (count == 0)
                throw new InvalidOperationException("The server closed a connection.");
            _received += count;
            if (_length == 0)
                ReadHead(status);
            if (_length == 0 || _received < _length)
                return false;
            (_received, _length) = (0, 0);
            return true;
        }

        private void ReadHead(int status)
        {
            var head = _buffer.AsSpan(0, _received);
            var end = head.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return;
            if (!head[9..12].SequenceEqual(Encoding.ASCII.GetBytes(status.ToString(CultureInfo.InvariantCulture))))
                throw new InvalidOperationException($"The server answered: {Encoding.UTF8.GetString(head)}");
            var field = head[..end].IndexOf("Content-Length: "u8);
            if (field < 0)
                throw new InvalidOperationException("The server answered without a length.");
            var number = head[(field + "Content-Length: ".Length)..];
            _length = end + 4 + int.Parse(number[..number.IndexOf("\r\n"u8)], CultureInfo.InvariantCulture);
        }
    }
}
