using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Document;

namespace JobQueue.Tests.Clients;

/// <summary>What the generators among the .NET tools of this repository make of the API's document.</summary>
public sealed class DotNetClientsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kiota_client_compiles_and_runs_jobs_through_their_life()
    {
        await GenerateAsync(
            "kiota",
            ["generate", "--language", "CSharp", "--openapi", await DocumentAsync(), "--output", _folder.Path,
                "--class-name", "KiotaClient", "--namespace-name", "Generated.Kiota", "--exclude-backward-compatible",
                "--serializer", "Microsoft.Kiota.Serialization.Json.JsonSerializationWriterFactory",
                "--deserializer", "Microsoft.Kiota.Serialization.Json.JsonParseNodeFactory"]);

        await RunAsync("kiota", "kiota-client");
    }

    [Theory]
    [InlineData("NewtonsoftJson")]
    [InlineData("SystemTextJson")]
    public async Task NSwag_client_compiles_and_runs_jobs_through_their_life(string library)
    {
        await GenerateAsync(
            "nswag",
            ["openapi2csclient", $"/input:{await DocumentAsync()}", $"/output:{Path.Combine(_folder.Path, "Client.cs")}",
                "/namespace:Generated.NSwag", "/className:NSwagClient", $"/jsonLibrary:{library}", "/useBaseUrl:false",
                "/generateNullableReferenceTypes:true", "/generateOptionalPropertiesAsNullable:true"]);

        await RunAsync("nswag", $"nswag-client-{library}", library);
    }

    private static async Task GenerateAsync(string tool, IEnumerable<string> arguments)
    {
        var (exitCode, output) = await Tool.RunAsync(
            Repository.Root, ScriptProcess.Find("dotnet", "dotnet is not on the search path."), [tool, .. arguments]);
        Requires.That(
            exitCode == 0 || !output.Contains("dotnet tool restore", StringComparison.Ordinal), $"{tool} is missing: dotnet tool restore");
        Assert.True(exitCode == 0, output);
    }

    private async Task<string> DocumentAsync()
    {
        var path = Path.Combine(_folder.Path, "openapi.json");
        await File.WriteAllTextAsync(path, (await ApiDocument.GetAsync()).Json.ToJsonString(), TestContext.Current.CancellationToken);
        return path;
    }

    private async Task RunAsync(string flow, string name, params string[] arguments)
    {
        var files = Directory.GetFiles(_folder.Path, "*.cs", SearchOption.AllDirectories)
            .Append(Path.Combine(AppContext.BaseDirectory, "Clients", "dotnet", $"{flow}.cs"));
        var program = CompiledProgram.Of(name, files.Select(File.ReadAllText));
        await using var app = await RemoteCalls.StartServerAsync(RemoteCalls.StandingClock());

        await program.RunAsync(
            arguments,
            ("JOBQUEUE_URL", app.Address.ToString().TrimEnd('/')),
            ("JOBQUEUE_TOKEN", await app.TokenAsync("acme", RemoteCalls.AllScopes)));
    }
}
