using JobQueue.Tests.Clients;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Examples;

/// <summary>A program of <c>docs/examples</c>, or one made of it.</summary>
internal static class ExampleProgram
{
    /// <summary>Starts it as its first lines say; one in C# is built before, which may take longer than it has time to answer.</summary>
    /// <param name="program">What runs it; where that is missing the test is skipped.</param>
    public static async Task<ScriptProcess> StartAsync(string program, string path, params (string Name, string Value)[] environment)
    {
        var found = ScriptProcess.Find(program, $"{program} is missing");
        if (program != "dotnet")
            return ScriptProcess.Start(found, [path], environment);
        await Tool.MustRunAsync(Path.GetDirectoryName(path)!, found, ["build", path, "-nologo", "-v", "quiet"]);
        return ScriptProcess.Start(found, ["run", "--no-build", path], environment);
    }
}
