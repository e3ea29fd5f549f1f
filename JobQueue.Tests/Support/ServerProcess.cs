using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace JobQueue.Tests.Support;

/// <summary>The server as a process of its own, on a free port of 127.0.0.1. Disposing it kills it, should it still run.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ServerProcess(Process process)
    {
        _process = process;
        _output = ReadOutputAsync();
        _error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="folder">The working directory, where it keeps its files.</param>
    /// <param name="under">A program, with its arguments, that starts the server in its own place.</param>
    public static ServerProcess Start(string folder, IReadOnlyList<string> under, params (string Name, string Value)[] environment)
    {
        string[] command = [.. under, "dotnet", Path.Combine(AppContext.BaseDirectory, "JobQueue.dll"), "--urls=http://127.0.0.1:0"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ServerProcess(Process.Start(start)!);
    }

    /// <summary>The most memory it has had so far, in bytes; Linux alone tells.</summary>
    public long PeakMemory => 1024 * long.Parse(
        Peak().Match(File.ReadAllText($"/proc/{_process.Id}/status")).Groups["kilobytes"].Value, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Where it listens, once it does.</summary>
    public Task<Uri> AddressAsync() => _address.Task.WaitAsync(Deadline, Cancellation);

    /// <summary>Asks it to end, and answers its exit code and all it said.</summary>
    public async Task<(int ExitCode, string Output, string Error)> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync(Cancellation);
    }

    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync(Cancellation).WaitAsync(Deadline, Cancellation);
        return (_process.ExitCode, await _output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<string> ReadOutputAsync()
    {
        var output = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            output.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
                _address.TrySetResult(new Uri(match.Groups["url"].Value));
        }

        _address.TrySetException(new InvalidOperationException($"The server ended before it listened: {output}"));
        return output.ToString();
    }

    [GeneratedRegex(@"VmHWM:\s+(?<kilobytes>\d+) kB")]
    private static partial Regex Peak();

    [GeneratedRegex(@"Now listening on: ""?(?<url>http[^\s""]+)")]
    private static partial Regex Listening();
}
