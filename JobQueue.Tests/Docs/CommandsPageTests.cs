using System.Text.RegularExpressions;
using JobQueue.Tests.Clients;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace JobQueue.Tests.Docs;

/// <summary>The example of <c>docs/commands.md</c>: its configuration, and a job that uses it.</summary>
public sealed class CommandsPageTests
{
    [Fact]
    public async Task Example_runs_as_it_stands_there()
    {
        var bash = ScriptProcess.Find("bash", "bash is missing.");
        ScriptProcess.Find("curl", "curl is missing: apt-get install curl.");
        Requires.That(File.Exists("/usr/bin/du"), "du is missing.");
        var page = await File.ReadAllTextAsync(Repository.File("docs", "commands.md"), TestContext.Current.CancellationToken);
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Block("json").Match(page).Groups["text"].Value));
        var settings = new ConfigurationBuilder().AddJsonStream(json).Build().AsEnumerable().Where(setting => setting.Value is not null);
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = settings.Append(KeyValuePair.Create<string, string?>("Demo:Enabled", "true")).ToDictionary(setting => setting.Key, setting => setting.Value!),
        });
        var script = Block("sh").Match(page).Groups["text"].Value.Replace("http://localhost:5080", app.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);

        var output = await Tool.MustRunAsync(Path.GetTempPath(), bash, ["-eu", "-o", "pipefail", "-c", script], []);

        Assert.Matches(@"""result"":\{""exit_code"":0,""output"":""\d+\\t/bin/\\n""\}", output);
    }

    private static Regex Block(string language) => new($"^```{language}\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline);
}
