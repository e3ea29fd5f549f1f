using System.Diagnostics;

namespace JobQueue.Jobs.Model;

/// <summary>The span a job was submitted in (W3C Trace Context): its attempts become children of it.</summary>
/// <param name="TraceId">16 bytes.</param>
/// <param name="SpanId">8 bytes; all zero when the job got a trace of its own.</param>
public readonly record struct TraceParent(ActivityTraceId TraceId, ActivitySpanId SpanId)
{
    /// <summary>A trace of the job's own, for a submission that brought none.</summary>
    public static TraceParent CreateNew() => new(ActivityTraceId.CreateRandom(), default);

    public static TraceParent Read(ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId) =>
        new(ActivityTraceId.CreateFromBytes(traceId), spanId.IsEmpty ? default : ActivitySpanId.CreateFromBytes(spanId));

    /// <summary>The parent of an attempt's activity. A job without a submitting span gets a random one: a root needs none, but the format does.</summary>
    public ActivityContext ToContext()
    {
        var span = SpanId == default ? ActivitySpanId.CreateRandom() : SpanId;
        return new ActivityContext(TraceId, span, ActivityTraceFlags.Recorded, isRemote: true);
    }

    public override string ToString() => TraceId.ToHexString();
}
