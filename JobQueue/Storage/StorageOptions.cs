using System.ComponentModel.DataAnnotations;

namespace JobQueue.Storage;

/// <summary>Section <c>Storage</c>: the database.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The engine that needs nothing but a file.</summary>
    public const string Sqlite = "Sqlite";

    /// <summary>The engine that several processes share.</summary>
    public const string Postgres = "Postgres";

    /// <summary>Which database engine keeps the jobs.</summary>
    [AllowedValues(Sqlite, Postgres)]
    public string Provider { get; set; } = Sqlite;

    /// <summary><c>Full</c>: each answer comes after a flush and survives a power cut. <c>Normal</c>: a power cut may lose the last commits.</summary>
    [AllowedValues("Full", "Normal")]
    public string Synchronous { get; set; } = "Full";

    /// <summary>
    /// Whether a commit is written to the log in two pieces instead of two for each of its pages. Off, SQLite's own file layer
    /// writes it: slower, and nothing of ours lies between SQLite and the disk.
    /// </summary>
    public bool GatherWrites { get; set; } = true;

    /// <summary>
    /// How large the write-ahead log may become beside readers before the program's own long reads are ended and a warning is
    /// logged, in megabytes. From a quarter of it on, writes wait for reads that keep the log from beginning anew, 50 ms at most.
    /// </summary>
    [Range(4, 1_048_576)]
    public int MaxLogMegabytes { get; set; } = 256;

    /// <summary>Below this much free disk space new jobs are refused, so that running ones can still be finished; in megabytes.</summary>
    [Range(0, 1_048_576)]
    public int MinFreeMegabytes { get; set; } = 256;
}
