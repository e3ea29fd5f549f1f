using JobQueue.Storage.Sqlite.Commands;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// Answers the callers of a batch from one work item: their continuations then stand in the queue of the thread that runs it,
/// instead of each waking a thread from the writer's.
/// </summary>
internal sealed class Answers : IThreadPoolWorkItem
{
    private readonly StoreCommand[] _commands;

    private Answers(StoreCommand[] commands) => _commands = commands;

    public static void Give(List<StoreCommand> batch)
    {
        if (batch.Count == 1)
            batch[0].Complete();
        else if (batch.Count > 1)
            ThreadPool.UnsafeQueueUserWorkItem(new Answers([.. batch]), preferLocal: false);
    }

    public void Execute()
    {
        foreach (var command in _commands)
            command.Complete();
    }
}
