using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Docs;

/// <summary>What the README shows to be pasted is pasted here.</summary>
public sealed partial class ReadmeTests
{
    private const string Address = "http://localhost:5080";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tour_with_curl_works_as_pasted()
    {
        var bash = ScriptProcess.Find("bash", "bash is missing.");
        ScriptProcess.Find("curl", "curl is missing: apt-get install curl.");
        await using var app = await QueueApp.StartAsync(
            new QueueAppOptions { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true" }, Sample = true });
        var tour = string.Join('\n', ShellBlocks().Select(block => block.Groups["text"].Value));
        Assert.Contains(Address, tour, StringComparison.Ordinal);

        var (exitCode, output) = await RunAsync(bash, tour.Replace(Address, app.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("urn:problem-type", output, StringComparison.Ordinal);
        var answers = Answers().Matches(output).Select(match => match.Groups["id"].Value).Distinct().Count();
        Assert.InRange(answers, 5, 20);
        Assert.Contains("\"status\":\"done\"", output, StringComparison.Ordinal);
        Assert.Contains("\"original_payload\":{ \"message\": \"no such customer\" }", output, StringComparison.Ordinal);
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

    private static MatchCollection ShellBlocks() => Shell().Matches(Readme());

    private static string Readme() => File.ReadAllText(Repository.File("README.md"));

    [GeneratedRegex("^```sh\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex("\"id\":\"(?<id>[0-9a-f-]{36})\"")]
    private static partial Regex Answers();

    [GeneratedRegex(@"^\| `(JobQueue|Tenants|Commands).*$", RegexOptions.Multiline)]
    private static partial Regex MapRows();

    [GeneratedRegex(@"`(?<name>[A-Za-z.]+(/[A-Za-z]+)*)`(?=[^|]*\|)")]
    private static partial Regex Folders();
}
