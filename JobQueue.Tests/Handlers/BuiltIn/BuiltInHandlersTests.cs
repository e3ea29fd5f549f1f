using System.Text;
using JobQueue.Handlers;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Handlers.BuiltIn;

public sealed class BuiltInHandlersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<JobProgress> _progress = [];
    private readonly HandlerRegistry _handlers;

    public BuiltInHandlersTests() => _handlers = HandlersUnderTest.Registry(services => services.AddSingleton<TimeProvider>(_time));

    [Fact]
    public async Task Echo_answers_with_its_payload_as_it_was_sent() =>
        Assert.Equal("""{"b": 1.0,"b":2}""", await RunAsync("echo", """{"b": 1.0,"b":2}"""));

    [Fact]
    public async Task Sleep_reports_every_step_and_ends_in_time()
    {
        var run = RunAsync("sleep", """{"seconds":2,"steps":4}""");
        for (var step = 1; step <= 4; step++)
        {
            Assert.False(run.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(0.5));
            await Eventually.True(() => _progress.Count == step, $"step {step}");
        }

        Assert.Equal("""{"slept_seconds":2}""", await run);
        Assert.Equal([25, 50, 75, 100], _progress.Select(progress => progress.Percent!.Value));
        Assert.Equal("step 4 of 4", _progress[^1].Message);
    }

    [Fact]
    public async Task Sleep_of_no_time_ends_at_once() => Assert.Equal("""{"slept_seconds":0}""", await RunAsync("sleep", """{"seconds":0}"""));

    [Fact]
    public async Task Sleep_stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var run = RunAsync("sleep", """{"seconds":60}""", stop: stop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Theory]
    [InlineData("""{}""", "payload.seconds is missing.")]
    [InlineData("""{"seconds":"two"}""", "payload.seconds must be a number, not text.")]
    [InlineData("""{"seconds":-1}""", "payload.seconds must be from 0 to 86400.")]
    [InlineData("""{"seconds":1e9}""", "payload.seconds must be from 0 to 86400.")]
    [InlineData("""{"seconds":1,"steps":0}""", "payload.steps must be from 1 to 1000.")]
    [InlineData("""{"seconds":1,"step":3}""", "payload.step is not known; known are seconds, steps.")]
    [InlineData("""null""", "payload must be an object, not null.")]
    [InlineData("""[1]""", "payload must be an object, not a list.")]
    public async Task Bad_payload_of_sleep_is_a_permanent_error_that_names_what_is_wrong(string payload, string message)
    {
        var error = await Assert.ThrowsAsync<PermanentJobException>(() => RunAsync("sleep", payload));
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("""{"times":2}""", 1, false)]
    [InlineData("""{"times":2}""", 2, false)]
    [InlineData("""{"times":2}""", 3, true)]
    [InlineData("""{"times":0}""", 1, true)]
    [InlineData("""{}""", 100, false)]
    public async Task Fail_fails_its_first_attempts_and_always_when_no_number_is_given(string payload, int attempt, bool done)
    {
        var error = await Record.ExceptionAsync(() => RunAsync("fail", payload, attempt));
        Assert.Equal(done, error is null);
        Assert.IsNotType<PermanentJobException>(error);
    }

    [Fact]
    public async Task Fail_says_how_often_it_failed() => Assert.Equal("""{"failed_times":2}""", await RunAsync("fail", """{"times":2}""", 3));

    [Fact]
    public async Task Fail_can_fail_for_good_with_a_message()
    {
        var error = await Assert.ThrowsAsync<PermanentJobException>(
            () => RunAsync("fail", """{"message":"no such customer","permanent":true}"""));
        Assert.Equal("no such customer", error.Message);
    }

    [Theory]
    [InlineData("""{"times":-1}""", "times")]
    [InlineData("""{"times":1.5}""", "times")]
    [InlineData("""{"message":7}""", "message")]
    public async Task Bad_payload_of_fail_is_a_permanent_error_that_names_what_is_wrong(string payload, string name)
    {
        var error = await Assert.ThrowsAsync<PermanentJobException>(() => RunAsync("fail", payload));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string type, string payload, int attempt = 1, CancellationTokenSource? stop = null)
    {
        var job = TestJobs.Create(type, payload, attempt);
        var context = new JobContext(job, (progress, _) =>
        {
            _progress.Add(progress!);
            return ValueTask.CompletedTask;
        });
        Assert.True(_handlers.TryGet(type, out var handler));
        var result = await handler.RunAsync(context, stop?.Token ?? TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(result!.Value.Span);
    }
}
