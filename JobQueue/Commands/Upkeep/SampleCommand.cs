using System.CommandLine;
using JobQueue.Demo;
using JobQueue.Storage;

namespace JobQueue.Commands.Upkeep;

/// <summary><c>sample</c>: makes the database that the demo starts from.</summary>
internal static class SampleCommand
{
    /// <param name="settings">As on the command line.</param>
    public static Command Describe(string[] settings)
    {
        var to = new Option<string>("--to") { Required = true, Description = "The file to make, such as jobs.db.sample; replaced when it is there." };
        var command = new Command("sample", "Makes the sample database anew.") { to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var host = UpkeepHost.Build(settings);
            await host.Services.GetRequiredService<IDatabaseUpkeep>()
                .CreateSampleAsync(Path.GetFullPath(parsed.GetRequiredValue(to)), SampleJobs.Rows(), cancellationToken);
            return 0;
        });
        return command;
    }
}
