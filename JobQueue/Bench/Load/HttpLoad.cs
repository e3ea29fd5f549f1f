using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JobQueue.Bench.Load;

/// <summary>
/// Sends requests, one after the other, on kept-alive connections, each waiting for its answer before it sends again. One thread, a
/// poll and two system calls a request: it must leave the cores to the server, which a whole HTTP client would not.
/// </summary>
internal sealed class HttpLoad : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How often it is seen who may send again, while others are waited for.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private const int SmallBuffer = 1 << 16;

    private readonly Dictionary<Socket, Connection> _connections = [];
    private readonly ManualResetEvent _never = new(false);
    private readonly Func<byte[]?> _next;
    private readonly int[] _statuses;

    /// <param name="server">Where to connect.</param>
    /// <param name="request">Head and body, as they go over the wire, over and over.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="statuses">Those that an answer may have.</param>
    public HttpLoad(IPEndPoint server, byte[] request, int connections, params int[] statuses)
        : this(server, () => request, connections, Math.Max(SmallBuffer, 2 * request.Length), statuses)
    {
    }

    /// <param name="next">Answers what to send next, something small, or <see langword="null"/> when that was all. Called by one thread.</param>
    public HttpLoad(IPEndPoint server, Func<byte[]?> next, int connections, params int[] statuses)
        : this(server, next, connections, SmallBuffer, statuses)
    {
    }

    private HttpLoad(IPEndPoint server, Func<byte[]?> next, int connections, int sendBuffer, int[] statuses)
    {
        (_next, _statuses) = (next, statuses);
        for (var i = 0; i < connections; i++)
        {
            // Room for a whole request, so that one that the server does not read yet does not keep the others from being sent.
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                SendBufferSize = sendBuffer,
            };
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
    /// <param name="duration">How long requests are sent.</param>
    /// <param name="pace">The time from one request to the next, of whichever connection is free; none when absent.</param>
    /// <exception cref="InvalidOperationException">The server gave an answer that it must not give, or none.</exception>
    public Task<HttpFigures> RunAsync(TimeSpan duration, TimeSpan pace = default) => Task.Factory.StartNew(
        () => Run(duration, pace), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var socket in _connections.Keys)
            socket.Dispose();
        _never.Dispose();
    }

    private HttpFigures Run(TimeSpan duration, TimeSpan pace)
    {
        var waits = _statuses.ToDictionary(status => status, _ => new List<long>());
        // Those answered, in the order in which they may send again.
        var due = new Queue<Socket>(_connections.Keys);
        var waiting = new List<Socket>(due.Count);
        var ready = new List<Socket>(due.Count);
        var started = Stopwatch.GetTimestamp();
        var next = TimeSpan.Zero;
        var isOver = false;
        while (true)
        {
            isOver |= Stopwatch.GetElapsedTime(started) >= duration;
            while (!isOver && due.Count > 0 && Stopwatch.GetElapsedTime(started) >= next)
            {
                if (_next() is not { } request)
                {
                    isOver = true;
                    break;
                }

                var socket = due.Dequeue();
                _connections[socket].SentAt = Stopwatch.GetTimestamp();
                socket.Send(request);
                waiting.Add(socket);
                next += pace;
            }

            if (isOver && waiting.Count == 0)
                return new HttpFigures(Stopwatch.GetElapsedTime(started), waits);
            ready.Clear();
            ready.AddRange(waiting);
            if (ready.Count == 0)
            {
                _never.WaitOne(Tick);
                continue;
            }

            Socket.Select(ready, null, null, isOver || due.Count == 0 ? Patience : Tick);
            if (ready.Count == 0 && (isOver || due.Count == 0))
                throw new InvalidOperationException($"The server did not answer for {Patience.TotalSeconds} s.");
            foreach (var socket in ready)
            {
                var connection = _connections[socket];
                if (!connection.Receive(socket, _statuses))
                    continue;
                waits[connection.Status].Add(Stopwatch.GetTimestamp() - connection.SentAt);
                waiting.Remove(socket);
                due.Enqueue(socket);
            }
        }
    }

    /// <summary>What came of the answer that is under way. The body is counted, not kept.</summary>
    private sealed class Connection
    {
        private readonly byte[] _buffer = new byte[8192];
        private int _received;
        private long _missing;

        public long SentAt { get; set; }

        /// <summary>Of the latest answer.</summary>
        public int Status { get; private set; }

        /// <summary>Reads what there is. True when the answer is complete.</summary>
        public bool Receive(Socket socket, int[] statuses)
        {
            var count = socket.Receive(_buffer.AsSpan(_received));
            if (count == 0)
                throw new InvalidOperationException("The server closed a connection.");
            if (_missing > 0)
            {
                _missing -= count;
                return _missing == 0;
            }

            _received += count;
            if (!ReadHead(statuses))
                return false;
            _received = 0;
            return _missing == 0;
        }

        private bool ReadHead(int[] statuses)
        {
            var head = _buffer.AsSpan(0, _received);
            var end = head.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return false;
            Status = int.Parse(head[9..12], CultureInfo.InvariantCulture);
            if (!statuses.Contains(Status))
                throw new InvalidOperationException($"The server answered: {Encoding.UTF8.GetString(head)}");
            var field = head[..end].IndexOf("Content-Length: "u8);
            if (field < 0)
                throw new InvalidOperationException("The answer has no length: it is too large to be sent at once. Take a smaller --payload.");
            var number = head[(field + "Content-Length: ".Length)..];
            var length = long.Parse(number[..number.IndexOf("\r\n"u8)], CultureInfo.InvariantCulture);
            _missing = end + 4 + length - _received;
            return true;
        }
    }
}
