using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JobQueue.Bench.Load;

/// <summary>A web server of this process that takes its time for each call and costs next to nothing itself.</summary>
internal sealed class SlowTarget : IDisposable
{
    private const string LengthHeader = "\r\nContent-Length: ";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TimeSpan _takes;

    public SlowTarget(TimeSpan takes)
    {
        _takes = takes;
        _listener.Start();
        _ = AcceptAsync();
    }

    private static ReadOnlySpan<byte> EndOfHeaders => "\r\n\r\n"u8;

    /// <summary>Such as <c>127.0.0.1:40123</c>.</summary>
    public string Authority => _listener.LocalEndpoint.ToString()!;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token), _end.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken end)
    {
        var answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"u8.ToArray();
        var buffer = new byte[16 << 10];
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                for (var length = 0; ;)
                {
                    var read = await socket.ReceiveAsync(buffer.AsMemory(length), end);
                    if (read == 0)
                        return;
                    length += read;
                    if (!IsWhole(buffer.AsSpan(0, length)))
                        continue;
                    length = 0;
                    await Task.Delay(_takes, TimeProvider.System, end);
                    await socket.SendAsync(answer, end);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // The caller is gone, or the run is over.
            }
        }
    }

    /// <summary>Whether this is a call to its end; callers send the next one only after the answer.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> call)
    {
        if (call.IndexOf(EndOfHeaders) is not (>= 0 and var headers))
            return false;
        var text = Encoding.ASCII.GetString(call[..headers]);
        if (text.IndexOf(LengthHeader, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var start))
            return true;
        var value = text.AsSpan(start + LengthHeader.Length);
        if (value.IndexOf('\r') is >= 0 and var end)
            value = value[..end];
        return call.Length >= headers + EndOfHeaders.Length + int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
