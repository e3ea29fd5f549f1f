namespace JobQueue.Tests.Jobs.Submissions;

internal sealed class JsonNull
{
    public static readonly JsonNull Value = new();
}
