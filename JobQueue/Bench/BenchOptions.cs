namespace JobQueue.Bench;

/// <summary>What <c>bench</c> measures, and how much of it.</summary>
internal sealed record BenchOptions
{
    /// <summary>Jobs of one measurement; those that wait for each single commit take a part of it.</summary>
    public int Jobs { get; init; } = 40_000;

    /// <summary>Slots of the worker pool.</summary>
    public int Workers { get; init; } = 20;

    public int PayloadBytes { get; init; } = 190;

    /// <summary>Everything is measured once a round; the report shows medians.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>The database to make; <see langword="null"/> for one in a scratch folder that goes afterwards.</summary>
    public string? Database { get; init; }

    /// <summary>A connection to a PostgreSQL database to measure instead, which is empty or was measured before; <see langword="null"/> for SQLite.</summary>
    public string? Storage { get; init; }

    /// <summary>Finished jobs with which a second database is filled, to be compared with the first.</summary>
    public int Existing { get; init; }

    /// <summary>Jobs in that database that are due next year.</summary>
    public int Scheduled { get; init; }

    /// <summary>Jobs in that database that are due and cannot run: a type nobody handles, a paused queue, a tenant at its limit.</summary>
    public int Blocked { get; init; }

    /// <summary>How long each of those measurements takes that are made once, after the rounds.</summary>
    public int OnceSeconds { get; init; } = 10;

    /// <summary>How long 64 producers submit without a break, in a measurement of its own; 0 for none.</summary>
    public int SoakSeconds { get; init; }

    /// <summary>The sections to measure; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>As on the command line, for the servers under test.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public bool Fills => Existing + Scheduled + Blocked > 0;
}
