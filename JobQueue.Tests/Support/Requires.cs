namespace JobQueue.Tests.Support;

/// <summary>What a test needs of the machine. Where it is missing the test is skipped, and fails in continuous integration.</summary>
internal static class Requires
{
    /// <summary>Set to 1 where everything is expected to be there.</summary>
    private const string RequireAll = "JOBQUEUE_REQUIRE_ALL";

    /// <summary>Answers the path of the first program that exists.</summary>
    /// <param name="reason">What is missing, and how to get it.</param>
    public static string Program(string reason, params string[] paths)
    {
        var path = paths.FirstOrDefault(File.Exists);
        That(path is not null, reason);
        return path!;
    }

    public static void That(bool condition, string reason)
    {
        if (condition)
            return;
        if (Environment.GetEnvironmentVariable(RequireAll) == "1")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
