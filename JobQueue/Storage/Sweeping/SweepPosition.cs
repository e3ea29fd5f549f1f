namespace JobQueue.Storage.Sweeping;

/// <summary>Where the next slice begins; moves on only with a commit.</summary>
internal sealed class SweepPosition
{
    public SweepState State { get; set; }
}
