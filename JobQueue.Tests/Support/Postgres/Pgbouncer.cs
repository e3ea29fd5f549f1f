using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace JobQueue.Tests.Support.Postgres;

/// <summary>A pooler before a server, on a free port of 127.0.0.1.</summary>
internal sealed class Pgbouncer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder _folder;

    private Pgbouncer(Process process, TemporaryFolder folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>Starts one, or skips the test where there is none.</summary>
    /// <param name="mode">For how long a client has a connection of the server's: <c>session</c>, <c>transaction</c>.</param>
    public static async Task<Pgbouncer> StartAsync(PostgresCluster cluster, string user, string mode)
    {
        var program = Requires.Program("pgbouncer is missing: apt-get install pgbouncer.", "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer");
        var (folder, port) = (new TemporaryFolder(), FreePort.Any());
        var settings = Path.Combine(folder.Path, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            settings,
            string.Create(CultureInfo.InvariantCulture, $"""
                [databases]
                * = host=127.0.0.1 port={cluster.Port} user={user}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = any
                pool_mode = {mode}
                """),
            TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            File.SetUnixFileMode(settings, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        string[] command = [.. PostgresBinaries.AsUnprivileged(), program, "-q", settings];
        var pooler = new Pgbouncer(
            Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, WorkingDirectory = "/" })!, folder, port);
        await Eventually.True(async () => await pooler.AnswersAsync(), "pgbouncer answers");
        return pooler;
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username=any;SSL Mode=Disable";

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=False");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
