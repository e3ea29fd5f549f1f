using System.Diagnostics;
using System.Text;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Events;

/// <summary>
/// The events of a commit as bytes: small, since each commit writes them and each process reads them. The first byte says what
/// follows, so that a newer program can say something else.
/// </summary>
internal static class EventBatchBody
{
    private const byte Version = 1;

    [Flags]
    private enum Parts
    {
        None = 0,
        Trace = 1,
        Span = 2,
        Reason = 4,
        Error = 8,
        Progress = 16,
        Percent = 32,
        RunAt = 64,
        Wait = 128,
        Duration = 256,
    }

    public static byte[] Write(IReadOnlyList<JobEvent> events)
    {
        using var stream = new MemoryStream(64 * events.Count);
        // Half a character would be an exception with the writer's own encoding.
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Version);
            writer.Write7BitEncodedInt(events.Count);
            var names = new NamesWritten(writer);
            var time = 0L;
            foreach (var happened in events)
            {
                Write(writer, names, happened, time);
                time = happened.At.UtcTicks;
            }
        }

        return stream.ToArray();
    }

    /// <returns><see langword="null"/> for what a newer program wrote.</returns>
    public static IReadOnlyList<JobEvent>? Read(byte[] body)
    {
        using var reader = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
        if (reader.ReadByte() != Version)
            return null;
        var events = new JobEvent[reader.Read7BitEncodedInt()];
        var names = new NamesRead(reader);
        var time = 0L;
        for (var each = 0; each < events.Length; each++)
        {
            events[each] = Read(reader, names, time);
            time = events[each].At.UtcTicks;
        }

        return events;
    }

    private static void Write(BinaryWriter writer, NamesWritten names, JobEvent happened, long time)
    {
        var parts = PartsOf(happened);
        writer.Write((byte)happened.Kind);
        writer.Write((byte)happened.Status);
        writer.Write7BitEncodedInt((int)parts);
        Span<byte> bytes = stackalloc byte[JobId.Size];
        happened.JobId.Write(bytes);
        writer.Write(bytes);
        writer.Write7BitEncodedInt(happened.TenantId.Value);
        names.Write(happened.Tenant);
        names.Write(happened.Queue);
        names.Write(happened.Type);
        writer.Write7BitEncodedInt64(happened.At.UtcTicks - time);
        writer.Write7BitEncodedInt(happened.Attempt);
        names.Write(happened.Worker);
        names.Write(happened.Actor);
        names.Write(happened.Target);
        if (parts.HasFlag(Parts.Trace))
        {
            happened.Trace.TraceId.CopyTo(bytes);
            writer.Write(bytes);
        }

        if (parts.HasFlag(Parts.Span))
        {
            happened.Trace.SpanId.CopyTo(bytes[..sizeof(long)]);
            writer.Write(bytes[..sizeof(long)]);
        }

        if (happened.Reason is { } reason)
            writer.Write((byte)reason);
        if (happened.Error is { } error)
        {
            writer.Write(error.Message);
            names.Write(error.Type);
        }

        if (happened.Progress is { } progress)
        {
            if (progress.Percent is { } percent)
                writer.Write(percent);
            names.Write(progress.Message);
        }

        if (happened.RunAt is { } runAt)
            writer.Write7BitEncodedInt64(runAt.UtcTicks);
        if (happened.Wait is { } wait)
            writer.Write7BitEncodedInt64(wait.Ticks);
        if (happened.Duration is { } duration)
            writer.Write7BitEncodedInt64(duration.Ticks);
    }

    private static JobEvent Read(BinaryReader reader, NamesRead names, long time)
    {
        var kind = (JobEventKind)reader.ReadByte();
        var status = (JobStatus)reader.ReadByte();
        var parts = (Parts)reader.Read7BitEncodedInt();
        return new JobEvent
        {
            Kind = kind,
            Status = status,
            JobId = JobId.Read(reader.ReadBytes(JobId.Size)),
            TenantId = new TenantId(reader.Read7BitEncodedInt()),
            Tenant = names.Read()!,
            Queue = names.Read()!,
            Type = names.Read()!,
            At = Time(time + reader.Read7BitEncodedInt64()),
            Attempt = reader.Read7BitEncodedInt(),
            Worker = names.Read(),
            Actor = names.Read(),
            Target = names.Read(),
            Trace = new TraceParent(
                parts.HasFlag(Parts.Trace) ? ActivityTraceId.CreateFromBytes(reader.ReadBytes(16)) : default,
                parts.HasFlag(Parts.Span) ? ActivitySpanId.CreateFromBytes(reader.ReadBytes(sizeof(long))) : default),
            Reason = parts.HasFlag(Parts.Reason) ? (FailReason)reader.ReadByte() : null,
            Error = parts.HasFlag(Parts.Error) ? new JobError(reader.ReadString(), names.Read()) : null,
            Progress = parts.HasFlag(Parts.Progress)
                ? new JobProgress(parts.HasFlag(Parts.Percent) ? reader.ReadDouble() : null, names.Read())
                : null,
            RunAt = parts.HasFlag(Parts.RunAt) ? Time(reader.Read7BitEncodedInt64()) : null,
            Wait = parts.HasFlag(Parts.Wait) ? TimeSpan.FromTicks(reader.Read7BitEncodedInt64()) : null,
            Duration = parts.HasFlag(Parts.Duration) ? TimeSpan.FromTicks(reader.Read7BitEncodedInt64()) : null,
        };
    }

    private static Parts PartsOf(JobEvent happened) =>
        If(happened.Trace.TraceId != default, Parts.Trace) | If(happened.Trace.SpanId != default, Parts.Span)
        | If(happened.Reason is not null, Parts.Reason) | If(happened.Error is not null, Parts.Error)
        | If(happened.Progress is not null, Parts.Progress) | If(happened.Progress?.Percent is not null, Parts.Percent)
        | If(happened.RunAt is not null, Parts.RunAt) | If(happened.Wait is not null, Parts.Wait) | If(happened.Duration is not null, Parts.Duration);

    private static Parts If(bool is_, Parts part) => is_ ? part : Parts.None;

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    /// <summary>Texts that come again and again: whole the first time, then by their number.</summary>
    private sealed class NamesWritten(BinaryWriter writer)
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public void Write(string? name)
        {
            if (name is null)
            {
                writer.Write7BitEncodedInt(NamesRead.None);
            }
            else if (_numbers.TryGetValue(name, out var number))
            {
                writer.Write7BitEncodedInt(number);
            }
            else
            {
                _numbers[name] = NamesRead.First + _numbers.Count;
                writer.Write7BitEncodedInt(NamesRead.New);
                writer.Write(name);
            }
        }
    }

    private sealed class NamesRead(BinaryReader reader)
    {
        public const int None = 0;
        public const int New = 1;
        public const int First = 2;

        private readonly List<string> _names = [];

        public string? Read()
        {
            var number = reader.Read7BitEncodedInt();
            if (number == None)
                return null;
            if (number == New)
                _names.Add(reader.ReadString());
            return _names[number == New ? ^1 : number - First];
        }
    }
}
