using System.Text;
using JobQueue.Jobs.Targets;

namespace JobQueue.Tests.Jobs.Targets;

public sealed class JobTargetTests
{
    [Theory]
    [InlineData("""{"url":"https://example.com/a"}""", "https://example.com:443")]
    [InlineData("""{"body":{"url":"https://other.example/"},"url":"https://example.com/a"}""", "https://example.com:443")]
    [InlineData("""{"url":"https://other.example/","url":"https://example.com/a"}""", "https://example.com:443")]
    [InlineData("""{"url":"ftp://example.com/"}""", null)]
    [InlineData("""{"url":"\ud800"}""", null)]
    [InlineData("""{"\ud800":1,"url":"https://example.com/a"}""", null)]
    [InlineData("""{"url":7}""", null)]
    [InlineData("7", null)]
    public void Payload_tells_whom_its_job_calls_and_nothing_else_does(string payload, string? target) =>
        Assert.Equal(target, JobTarget.Of(JobTarget.HttpType, Encoding.UTF8.GetBytes(payload)));
}
