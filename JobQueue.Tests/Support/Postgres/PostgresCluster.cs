using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace JobQueue.Tests.Support.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own on a free port of 127.0.0.1, in a folder of its own. It ends, and the folder goes, when it is
/// disposed or this process ends, however that ends. Thread-safe.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>May do everything. Servers under test log in as others.</summary>
    private const string Administrator = "admin";

    /// <summary>
    /// Its standard input is the leash: when whoever holds the other end is gone, so are server and folder. Order of texts
    /// and time zone are such that what relies on the defaults shows.
    /// </summary>
    private const string Script =
        """
        trap '' INT HUP
        bin=$1 port=$2 fsync=$3
        folder=$(mktemp -d "${TMPDIR:-/tmp}/jobqueue-postgres-XXXXXX") || exit
        "$bin/initdb" -D "$folder/data" -U admin -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en --no-sync \
            >"$folder/log" 2>&1 || { cat "$folder/log" >&2; rm -rf "$folder"; exit 1; }
        exec 3<&0
        "$bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
            -c timezone=Asia/Kathmandu -c max_connections=300 -c fsync="$fsync" -c full_page_writes="$fsync" >>"$folder/log" 2>&1 3<&- &
        server=$!
        (read -r _ <&3; kill -QUIT $server) 2>/dev/null &
        wait $server
        kill $! 2>/dev/null
        tail -n 20 "$folder/log" >&2
        rm -rf "$folder"
        """;

    private readonly Process _process;
    private readonly Task<string> _errors;

    private PostgresCluster(Process process, int port)
    {
        (_process, Port) = (process, port);
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Administration = NpgsqlDataSource.Create(ConnectionString("postgres", Administrator) + ";Maximum Pool Size=8");
    }

    public int Port { get; }

    /// <summary>Connections that may do everything, to a database of no queue.</summary>
    public NpgsqlDataSource Administration { get; }

    /// <summary>Starts a server, or skips the test where there is none.</summary>
    /// <param name="fsync">Whether what is committed survives the machine; the disk sets the pace then.</param>
    public static async Task<PostgresCluster> StartAsync(bool fsync = false)
    {
        var binaries = PostgresBinaries.Find();
        var port = FreePort.Any();
        string[] arguments =
        [
            .. PostgresBinaries.AsUnprivileged(),
            "/bin/sh", "-c", Script, "sh", binaries, port.ToString(CultureInfo.InvariantCulture), fsync ? "on" : "off",
        ];
        var start = new ProcessStartInfo(arguments[0], arguments[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        var cluster = new PostgresCluster(Process.Start(start)!, port);
        await Eventually.True(cluster.AnswersAsync, "PostgreSQL answers", TimeSpan.FromMinutes(1));
        return cluster;
    }

    public string ConnectionString(string database, string user) => $"Host=127.0.0.1;Port={Port};Database={database};Username={user};SSL Mode=Disable";

    public string AdministratorOf(string database) => ConnectionString(database, Administrator) + ";Pooling=False";

    /// <summary>Runs statements with every right, outside any database of a queue.</summary>
    public async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Administration.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Administration.DisposeAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process.HasExited)
            Assert.Fail($"PostgreSQL ended: {await _errors}");
        try
        {
            await RunAsync("SELECT", CancellationToken.None);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
