using System.Net;
using System.Net.Http.Headers;
using JobQueue.Access.Sessions;
using JobQueue.Access.Tokens;
using JobQueue.Access.Users;
using JobQueue.Storage;
using JobQueue.Tests.Support.Document;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Tests.Support;

/// <summary>The whole server in this process, listening on a free port of 127.0.0.1, its files in a folder of its own.</summary>
internal sealed class QueueApp : IAsyncDisposable
{
    private readonly QueueAppOptions _options;
    private readonly DirectoryInfo? _ownFolder;
    private WebApplication _app;

    private QueueApp(QueueAppOptions options, DirectoryInfo? ownFolder)
    {
        (_options, _ownFolder) = (options, ownFolder);
        Folder = options.Folder ?? ownFolder!.FullName;
        _app = Build();
    }

    public string Folder { get; }

    public string DatabasePath => Path.Combine(Folder, "jobs.db");

    public string LogDirectory => Path.Combine(Folder, "logs");

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<QueueApp> StartAsync(QueueAppOptions? options = null)
    {
        options ??= new QueueAppOptions();
        var app = new QueueApp(options, options.Folder is null ? Directory.CreateTempSubdirectory("jobqueue-test-") : null);
        try
        {
            await app._app.StartAsync(Cancellation);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The real server as <see cref="StartAsync"/> builds it, not started. The caller disposes it.</summary>
    public static WebApplication Build(IEnumerable<string> settings, Action<IServiceCollection>? services = null) =>
        Program.BuildServer([.. settings], builder => services?.Invoke(builder.Services));

    /// <summary>A client without credentials. What it is answered must be as the API's document says.</summary>
    public HttpClient Client() =>
        new(new DocumentedAnswers(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })) { BaseAddress = Address };

    /// <summary>A client with a new token of the tenant.</summary>
    public async Task<HttpClient> ClientAsync(string tenant, params string[] scopes)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(tenant, scopes));
        return client;
    }

    public async Task<string> TokenAsync(string tenant, params string[] scopes) =>
        (await Services.GetRequiredService<ITokens>().CreateAsync(
            new NewTokenRequest(tenant, "test", scopes, null, "test", Demo: false, Secret: null, RemoteAddress: null), Cancellation)).Secret;

    /// <summary>The account that name and password open, from an address that was never refused; <see langword="null"/> for none.</summary>
    public async Task<User?> UserAsync(string name, string password) =>
        await Services.GetRequiredService<SignIn>().TryAsync(name, password, IPAddress.None, Cancellation) is SignInResult.Welcome(var user)
            ? user
            : null;

    /// <summary>Stops the server in good order and starts it again on the same files.</summary>
    public async Task RestartAsync()
    {
        await _app.StopAsync(Cancellation);
        await _app.DisposeAsync();
        _app = Build();
        await _app.StartAsync(Cancellation);
    }

    public Task StopAsync() => _app.StopAsync(Cancellation);

    /// <summary>Every line of the log files so far.</summary>
    public async Task<IReadOnlyList<string>> LogLinesAsync()
    {
        var lines = new List<string>();
        foreach (var file in Directory.GetFiles(LogDirectory, "jobqueue-*.log").Order())
            lines.AddRange(await File.ReadAllLinesAsync(file, Cancellation));
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _ownFolder?.Delete(recursive: true);
    }

    private WebApplication Build() => Build(
        new Dictionary<string, string>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:JobQueue"] = $"Data Source={DatabasePath}",
            ["Logs:Directory"] = LogDirectory,
        }.Concat(_options.Settings).Select(setting => $"--{setting.Key}={setting.Value}"),
        services =>
        {
            if (_options.Time is { } time)
                services.Replace(ServiceDescriptor.Singleton(time));
            if (!_options.Sample)
                services.RemoveAll<DatabaseTemplate>();
            _options.Services(services);
        });
}
