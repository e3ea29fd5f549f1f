using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands;

/// <summary>
/// A write that waits for the writer. It runs inside the writer's transaction, together with others; its caller hears of it
/// when that is on disk.
/// </summary>
internal abstract class StoreCommand
{
    /// <summary>
    /// Whether it is refused while too many writes wait. So is what makes work; never what ends an overload (pause, cancel, discard, a
    /// revoked token, the end of a job), nor what running jobs need.
    /// </summary>
    public abstract bool Refusable { get; }

    /// <summary>How much it counts towards a batch and the bound on waiting writes.</summary>
    public virtual int Jobs => 1;

    /// <summary>About what it holds in memory and adds to its transaction, beyond what every command does.</summary>
    public abstract long Bytes { get; }

    /// <summary>Whether its caller still wants it. Not asked again once it was applied.</summary>
    public virtual bool Wanted => true;

    /// <summary>Whether it would find nothing to write now: then it is applied without a transaction.</summary>
    public virtual bool FindsNothing(WriteContext context) => false;

    /// <summary>
    /// Does the work. May run again after a rollback undid it, so everything it leaves outside the transaction is its result.
    /// </summary>
    public abstract void Apply(WriteContext context);

    /// <summary>The transaction is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal abstract class StoreCommand<T>(CancellationToken cancellationToken) : StoreCommand
{
    // Callers go on elsewhere: the writer has the next batch to see to.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    /// <summary>Once applied.</summary>
    protected T? Result { get; private set; }

    public override bool Wanted
    {
        get
        {
            if (!cancellationToken.IsCancellationRequested)
                return true;
            _completion.TrySetCanceled(cancellationToken);
            return false;
        }
    }

    public sealed override void Apply(WriteContext context) => Result = Run(context);

    public override void Complete() => _completion.TrySetResult(Result!);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    protected abstract T Run(WriteContext context);
}
