using System.ComponentModel.DataAnnotations;

namespace JobQueue.Jobs;

/// <summary>Section <c>Jobs</c>: how large requests may be.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>The largest payload or result, in kilobytes of 1,024 bytes.</summary>
    [Range(1, 16_384)]
    public int MaxPayloadKilobytes { get; set; } = 512;

    /// <summary>The largest request body, in megabytes of 1,048,576 bytes.</summary>
    [Range(1, 256)]
    public int MaxBodyMegabytes { get; set; } = 16;
}
