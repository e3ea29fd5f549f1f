using System.Text;

namespace JobQueue.Bench.Load;

/// <summary>A payload of a given size, and what submits it over HTTP.</summary>
internal static class BenchPayload
{
    private const string Frame = """{"text":""}""";

    public static byte[] Create(int bytes) =>
        Encoding.UTF8.GetBytes(Frame.Insert(Frame.Length - 2, new string('x', Math.Max(0, bytes - Frame.Length))));

    /// <summary>The body of <c>POST /jobs</c>.</summary>
    public static string Job(int bytes) =>
        $$"""{"type":"{{BenchHandler.TypeName}}","queue":"{{BenchServer.Backlog}}","payload":{{Encoding.UTF8.GetString(Create(bytes))}}}""";

    /// <summary>The body of <c>POST /jobs/batch</c>.</summary>
    public static string Batch(int bytes, int jobs) => $$"""{"jobs":[{{string.Join(',', Enumerable.Repeat(Job(bytes), jobs))}}]}""";
}
