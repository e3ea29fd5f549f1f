using System.Diagnostics;
using CsCheck;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Events;
using JobQueue.Tenants;

namespace JobQueue.Tests.Storage.Postgres.Events;

public sealed class EventBatchBodyTests
{
    private static readonly string[] SomeNames = ["acme", "", "ä€😀", new('x', 300)];

    private static readonly Gen<string> Names = Gen.Int[0, 3].Select(each => SomeNames[each]);
    private static readonly Gen<DateTimeOffset> Times = Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
    private static readonly Gen<TimeSpan> Lengths = Gen.Long.Select(TimeSpan.FromTicks);

    private static readonly Gen<TraceParent> Traces =
        from trace in Gen.Byte.Array[16]
        from span in Gen.Byte.Array[8]
        select TraceParent.Read(trace, span);

    private static readonly Gen<JobError> Errors = Gen.Select(Gen.String[0, 50], Names.Null(), (message, type) => new JobError(message, type));
    private static readonly Gen<JobProgress> Progress = Gen.Select(Gen.Double.Nullable(), Names.Null(), (percent, message) => new JobProgress(percent, message));

    private static readonly Gen<JobEvent> Events =
        from kind in Gen.Enum<JobEventKind>()
        from id in Gen.Guid
        from numbers in Gen.Select(Gen.Int.Positive, Gen.Int[0, int.MaxValue], Gen.Enum<JobStatus>(), Gen.Enum<FailReason>().Nullable())
        from names in Gen.Select(Names, Names, Names, Names.Null())
        from more in Gen.Select(Names.Null(), Names.Null(), Gen.OneOf(Gen.Const(default(TraceParent)), Traces))
        from times in Gen.Select(Times, Times.Nullable(), Lengths.Nullable(), Lengths.Nullable())
        from said in Gen.Select(Errors.Null(), Progress.Null())
        select new JobEvent
        {
            Kind = kind,
            JobId = new JobId(id),
            TenantId = new TenantId(numbers.Item1),
            Attempt = numbers.Item2,
            Status = numbers.Item3,
            Reason = numbers.Item4,
            Tenant = names.Item1,
            Queue = names.Item2,
            Type = names.Item3,
            Worker = names.Item4,
            Actor = more.Item1,
            Target = more.Item2,
            Trace = more.Item3,
            At = times.Item1,
            RunAt = times.Item2,
            Wait = times.Item3,
            Duration = times.Item4,
            Error = said.Item1,
            Progress = said.Item2,
        };

    [Fact]
    public void Events_come_back_as_they_were() =>
        Events.Array[0, 20].Sample(events => Assert.Equal(events, EventBatchBody.Read(EventBatchBody.Write(events))!));

    [Fact]
    public void Half_a_character_does_no_harm()
    {
        var happened = Some("a\ud800b");

        Assert.Equal("a\ufffdb", Assert.Single(EventBatchBody.Read(EventBatchBody.Write([happened]))!).Worker);
    }

    [Fact]
    public void What_a_newer_program_wrote_is_not_guessed_at()
    {
        var body = EventBatchBody.Write([Some("w")]);
        body[0]++;

        Assert.Null(EventBatchBody.Read(body));
    }

    [Fact]
    public void The_life_of_a_job_takes_little()
    {
        var trace = new TraceParent(ActivityTraceId.CreateRandom(), default);
        var events = Enumerable.Range(0, 1_000).Select(_ => Some("worker") with { Trace = trace }).ToList();

        Assert.InRange(EventBatchBody.Write(events).Length, 1, 60 * events.Count);
    }

    private static JobEvent Some(string worker) => new()
    {
        Kind = JobEventKind.Done,
        JobId = new JobId(Guid.CreateVersion7()),
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = "default",
        Type = "echo",
        Status = JobStatus.Done,
        At = DateTimeOffset.UnixEpoch,
        Worker = worker,
    };
}
