using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands;

/// <summary>Writes nothing: its answer says that the writer is through with everything before it.</summary>
internal sealed class NothingCommand() : StoreCommand<bool>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

    protected override bool Run(WriteContext context) => true;
}
