using System.Net;
using System.Net.Http.Headers;
using JobQueue.Access;
using JobQueue.Access.Signing;
using JobQueue.Access.Users;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Commands;

/// <summary><c>move</c>, and what the other commands do on PostgreSQL, in processes of their own as people run them.</summary>
public sealed class MoveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Accounts_tokens_and_secrets_work_after_the_move_and_commands_beside_the_server()
    {
        var (cluster, database, owner) = await PostgresOfTests.CreateEmptyDatabaseAsync(Ct);
        var secret = SigningSecret.Create();
        string token;
        await using (var app = await QueueApp.StartAsync(new QueueAppOptions { Folder = _folder.Path }))
        {
            token = await app.TokenAsync("acme", Scopes.JobsRead);
            await app.Services.GetRequiredService<IAccounts>().CreateAsync(
                new NewUser("ada", "correct horse", Roles.Administrator, "acme", Demo: false), new Actor("test", null, null), Ct);
            await app.Services.GetRequiredService<SigningSecretStore>().AddAsync(await TenantAsync(app), secret, new Actor("test", null, null), Ct);
        }

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(_folder.Path, ["move", "--to", owner]);

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        Assert.StartsWith($"Moved to 127.0.0.1/{database}: 0 jobs, 1 tenants, 1 users, 1 tokens; ", output, StringComparison.Ordinal);
        Assert.Single(Lines(output));
        Assert.Contains("tokens: 1 rows, SHA-256 ", error, StringComparison.Ordinal);
        await using (var app = await QueueApp.StartAsync(new QueueAppOptions { Settings = OnPostgres(owner) }))
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(app, token));
            Assert.NotNull(await app.UserAsync("ada", "correct horse"));
            var tenant = await TenantAsync(app);
            Assert.Equal(secret.Text, Assert.Single(await app.Services.GetRequiredService<SigningSecretStore>().OfAsync(tenant.Id, Ct)).Text);
            Assert.Equal((0, "", ""), await RunAsync(owner, "check"));
            var made = await RunAsync(owner, "tokens", "create", "--tenant", "acme", "--scopes", "jobs:read");
            Assert.Equal((0, ""), (made.ExitCode, made.Error));
            await Eventually.True(
                async () => await AskAsync(app, Assert.Single(Lines(made.Output))) == HttpStatusCode.OK, "the server knows the new token", TimeSpan.FromSeconds(1));
        }

        await cluster.RunAsync($"DROP DATABASE {database} WITH (FORCE)", Ct);
    }

    [Fact]
    public async Task Server_on_the_file_is_to_be_stopped_first()
    {
        await using var app = await QueueApp.StartAsync();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(app.Folder, ["move", "--to", "Host=nowhere.invalid;Database=queue;Password=hush"]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.EndsWith("A server owns the database. Stop it first: what it accepted meanwhile would be left behind. Nothing was moved.", error.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs.db")]
    [InlineData("Data Source=other.db")]
    public async Task Target_that_is_no_server_is_wrong_usage(string to)
    {
        var (exitCode, output, error) = await JobQueueProcess.RunAsync(_folder.Path, ["move", "--to", to]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("--to takes \"Host=\"", Assert.Single(Lines(error)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("backup", "Use pg_dump, or what your database server is backed up with.")]
    [InlineData("sample", "There is no sample for PostgreSQL.")]
    [InlineData("move", "Name the database to move from with --Storage:Provider=Sqlite --ConnectionStrings:JobQueue=\"Data Source=jobs.db\".")]
    public async Task Command_for_files_says_so_on_PostgreSQL(string command, string instead)
    {
        var (exitCode, output, error) = await RunAsync("Host=nowhere.invalid;Database=queue", command, "--to", command == "move" ? "Host=nowhere.invalid;Database=queue" : "file");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal($"The command {command} is for a SQLite database, and Storage:Provider says Postgres. {instead}", Assert.Single(Lines(error)));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string connectionString, params string[] arguments) =>
        JobQueueProcess.RunAsync(_folder.Path, [.. arguments, .. OnPostgres(connectionString).Select(setting => $"--{setting.Key}={setting.Value}")]);

    private static Dictionary<string, string> OnPostgres(string connectionString) =>
        new() { ["Storage:Provider"] = "Postgres", ["ConnectionStrings:JobQueue"] = connectionString };

    private static async Task<Tenant> TenantAsync(QueueApp app) => (await app.Services.GetRequiredService<TenantStore>().FindAsync("acme", Ct))!;

    private static async Task<HttpStatusCode> AskAsync(QueueApp app, string token)
    {
        using var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await client.GetAsync("/jobs", Ct)).StatusCode;
    }

    private static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
