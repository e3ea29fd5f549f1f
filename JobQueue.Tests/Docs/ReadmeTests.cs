using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Docs;

/// <summary>What the README and the guide to workers show to be pasted is pasted here.</summary>
public sealed partial class ReadmeTests
{
    private const string Address = "http://localhost:5080";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tour_with_curl_works_as_pasted()
    {
        var output = await PasteAsync("README.md");

        var answers = Answers().Matches(output).Select(match => match.Groups["id"].Value).Distinct().Count();
        Assert.InRange(answers, 5, 20);
        Assert.Contains("\"status\":\"done\"", output, StringComparison.Ordinal);
        Assert.Contains("\"original_payload\":{ \"message\": \"no such customer\" }", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_by_hand_works_as_pasted()
    {
        var output = await PasteAsync("docs/workers.md");

        Assert.Contains("\"result\":{ \"greeting\": \"Hello, Ada!\" }", output, StringComparison.Ordinal);
        Assert.Equal(2, Ends().Count(output));
    }

    [Fact]
    public void Folders_that_the_map_names_are_there()
    {
        foreach (var folder in MapRows().Matches(Readme()).SelectMany(row => Folders().Matches(row.Value)).Select(match => match.Groups["name"].Value))
        {
            var path = folder.StartsWith("JobQueue", StringComparison.Ordinal) ? folder : Path.Combine("JobQueue", folder);
            Assert.True(Directory.Exists(Path.Combine(Repository.Root, path)), $"{folder} is in the README and not in the repository.");
        }
    }

    /// <summary>Pastes every block that is whole into a shell, against the demo, and answers what is printed.</summary>
    private static async Task<string> PasteAsync(string page)
    {
        var bash = ScriptProcess.Find("bash", "bash is missing.");
        ScriptProcess.Find("curl", "curl is missing: apt-get install curl.");
        await using var app = await QueueApp.StartAsync(
            new QueueAppOptions { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true" }, Sample = true });
        var blocks = Shell().Matches(File.ReadAllText(Repository.File(page))).Select(block => block.Groups["text"].Value);
        var script = string.Join('\n', blocks.Where(block => !block.Contains('…', StringComparison.Ordinal)));
        Assert.Contains(Address, script, StringComparison.Ordinal);

        var (exitCode, output) = await RunAsync(bash, script.Replace(Address, app.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("urn:problem-type", output, StringComparison.Ordinal);
        return output;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string bash, string script)
    {
        var start = new ProcessStartInfo(bash, ["-eu", "-o", "pipefail"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (output)
                output.AppendLine(line.Data);
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.StandardInput.WriteAsync(script.AsMemory(), Cancellation);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, output.ToString());
    }

    private static string Readme() => File.ReadAllText(Repository.File("README.md"));

    [GeneratedRegex("^```sh\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex("\"id\":\"(?<id>[0-9a-f-]{36})\"")]
    private static partial Regex Answers();

    [GeneratedRegex("\"job_id\":\"[0-9a-f-]{36}\",\"status\":\"(done|failed)\"")]
    private static partial Regex Ends();

    [GeneratedRegex(@"^\| `(JobQueue|Tenants|Commands).*$", RegexOptions.Multiline)]
    private static partial Regex MapRows();

    [GeneratedRegex(@"`(?<name>[A-Za-z.]+(/[A-Za-z]+)*)`(?=[^|]*\|)")]
    private static partial Regex Folders();
}
