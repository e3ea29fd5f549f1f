namespace JobQueue.Storage.Sweeping;

internal enum SweepPhase
{
    Jobs,
    Lanes,
    Audit,
}
