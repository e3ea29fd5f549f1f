namespace JobQueue.Storage.Sqlite.Commands.Sweeping;

internal enum SweepPhase
{
    Jobs,
    Lanes,
    Audit,
}
