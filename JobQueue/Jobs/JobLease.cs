using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using JobQueue.Tenants;

namespace JobQueue.Jobs;

/// <summary>
/// The right to work on one attempt of a job. Every write about a running job carries it and changes nothing when it is not
/// the current one (fencing).
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Secret">63 random bits, new for every lease.</param>
public readonly record struct LeaseToken(JobId Job, long Secret)
{
    private const int Size = JobId.Size + sizeof(long);
    private const int TextLength = Size / 3 * 4;

    /// <summary>32 characters, safe in a URL.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Job.Write(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[JobId.Size..], Secret);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out LeaseToken token)
    {
        Span<byte> bytes = stackalloc byte[Size];
        token = default;
        // The Try method of Base64Url throws at characters that are none of its own.
        if (text.Length != TextLength
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Size)
        {
            return false;
        }

        token = new LeaseToken(JobId.Read(bytes[..JobId.Size]), BinaryPrimitives.ReadInt64BigEndian(bytes[JobId.Size..]));
        return true;
    }
}

/// <summary>Who holds leases.</summary>
/// <param name="Name">As shown; a remote worker chooses it.</param>
/// <param name="InProcess">Whether the worker lives and dies with this server process.</param>
public sealed record WorkerIdentity(string Name, bool InProcess);

/// <summary>A wish for jobs to work on, open until it gets some or its caller gives up.</summary>
public sealed record LeaseRequest
{
    public required WorkerIdentity Worker { get; init; }

    /// <summary>Jobs of this tenant only; <see langword="null"/> for every tenant.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary><see langword="null"/> for every queue.</summary>
    public IReadOnlySet<string>? Queues { get; init; }

    /// <summary><see langword="null"/> for every type.</summary>
    public IReadOnlySet<string>? Types { get; init; }

    /// <summary>Jobs that would start at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Further jobs that may be taken ahead of a free slot, of the types that <see cref="MayLeaseAhead"/> names.</summary>
    public int Ahead { get; init; }

    public Func<string, bool>? MayLeaseAhead { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>How long to wait for a first job; <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</summary>
    public TimeSpan Wait { get; init; }
}

/// <summary>A job that was leased, with what its worker needs.</summary>
public sealed record LeasedJob(LeaseToken Token, DateTimeOffset ExpiresAt, Job Job);

/// <summary>Whether a write about a running job won.</summary>
public enum SettleResult
{
    Settled,

    /// <summary>The lease is not current any more: nothing was changed.</summary>
    LeaseLost,
}

/// <summary>The answer to a heartbeat; <see langword="null"/> stands for a lost lease.</summary>
public sealed record HeartbeatResult(DateTimeOffset LeaseExpiresAt, bool CancelRequested)
{
    /// <summary>Whose lease it is, of what; <see langword="null"/> where the store does not say.</summary>
    public HeldJobInfo? Held { get; init; }
}

/// <summary>A worker with what it works on.</summary>
public sealed record HeldJobInfo(string Worker, TenantId Tenant, string Queue, string Type);
