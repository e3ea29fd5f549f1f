using System.Diagnostics;

namespace JobQueue.Tests.Clients;

/// <summary>A program that runs to its end.</summary>
internal static class Tool
{
    /// <summary>Answers its exit code and all it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string folder, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        // Nothing of these tests tells anybody about them.
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["KIOTA_TELEMETRY_OPTOUT"] = "true";
        start.Environment["KIOTA_OFFLINE_ENABLED"] = "true";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output + await error);
    }

    /// <summary>As <see cref="RunAsync"/>, and fails the test when the program does. Answers what it said.</summary>
    public static async Task<string> MustRunAsync(
        string folder, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var (exitCode, output) = await RunAsync(folder, program, arguments, environment);
        Assert.True(exitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }
}
