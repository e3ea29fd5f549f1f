using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Document;

namespace JobQueue.Tests.Clients;

/// <summary>What the tools of the npm world say of the API's document and make of it.</summary>
public sealed class NodeClientsTests(ClientPackages packages)
{
    private const string Document = "openapi.json";

    private static readonly string[] Checking =
        ["--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--types", "node", "--skipLibCheck"];

    [Theory]
    [InlineData("spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", Document)]
    [InlineData("redocly", "lint", "--config", "redocly.yaml", Document)]
    public async Task Linters_find_nothing_in_the_document(string linter, params string[] arguments)
    {
        using var folder = await FolderAsync();

        await Tool.MustRunAsync(folder.Path, Bin(folder, linter), arguments);
    }

    [Theory]
    [InlineData("openapi-typescript", "openapi-typescript", Document, "-o", "gen/openapi-typescript.ts")]
    [InlineData("hey-api", "openapi-ts", "-i", Document, "-o", "gen/hey-api", "-c", "@hey-api/client-fetch")]
    [InlineData("orval", "orval", "--config", "orval.config.cjs")]
    public async Task Generated_client_compiles_and_runs_jobs_through_their_life(string flow, string generator, params string[] arguments)
    {
        using var folder = await FolderAsync();
        await Tool.MustRunAsync(folder.Path, Bin(folder, generator), arguments);
        await Tool.MustRunAsync(folder.Path, Bin(folder, "tsc"), [.. Checking, $"flows/{flow}.ts"]);
        await Tool.MustRunAsync(folder.Path, Bin(folder, "esbuild"), [$"flows/{flow}.ts", "--bundle", "--platform=node", "--format=esm", $"--outfile={flow}.mjs", "--log-level=warning"]);
        await using var app = await RemoteCalls.StartServerAsync(RemoteCalls.StandingClock());
        var token = await app.TokenAsync("acme", RemoteCalls.AllScopes);

        await Tool.MustRunAsync(
            folder.Path,
            ScriptProcess.Find("node", "node is missing: apt-get install nodejs"),
            [$"{flow}.mjs"],
            ("JOBQUEUE_URL", app.Address.ToString().TrimEnd('/')),
            ("JOBQUEUE_TOKEN", token));
    }

    private static string Bin(TemporaryFolder folder, string name) => Path.Combine(folder.Path, "node_modules", ".bin", name);

    private async Task<TemporaryFolder> FolderAsync()
    {
        var folder = await packages.FolderAsync();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, Document), (await ApiDocument.GetAsync()).Json.ToJsonString(), TestContext.Current.CancellationToken);
        return folder;
    }
}
