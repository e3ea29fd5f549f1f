using System.CommandLine;
using JobQueue.Demo;
using JobQueue.Storage.Sqlite.Files;

namespace JobQueue.Commands;

/// <summary><c>sample</c>: makes the database that the demo starts from.</summary>
internal static class SampleCommand
{
    public static Command Describe()
    {
        var to = new Option<string>("--to") { Required = true, Description = "The file to make, such as jobs.db.sample; replaced when it is there." };
        var command = new Command("sample", "Makes the sample database anew.") { to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await SampleDatabase.CreateAsync(Path.GetFullPath(parsed.GetRequiredValue(to)), SampleJobs.Fill, cancellationToken);
            return 0;
        });
        return command;
    }
}
