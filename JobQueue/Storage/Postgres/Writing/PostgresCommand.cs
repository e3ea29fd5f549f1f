namespace JobQueue.Storage.Postgres.Writing;

/// <summary>A write that waits for a writer. Its caller hears of it when it is on disk.</summary>
internal abstract class PostgresCommand
{
    /// <summary>Whether it is refused while too many writes wait: so is what makes work, never what ends an overload or what running jobs need.</summary>
    public abstract bool Refusable { get; }

    /// <summary>How much it counts towards a batch and the bound on waiting writes.</summary>
    public virtual int Jobs => 1;

    /// <summary>Whether it has a transaction of its own.</summary>
    public virtual bool Alone => false;

    /// <summary>About what it holds in memory and adds to its transaction, beyond what every command does.</summary>
    public virtual long Bytes => 0;

    /// <summary>Whether its caller still wants it.</summary>
    public abstract bool Wanted { get; }

    /// <summary>The transaction is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal abstract class PostgresCommand<T>(CancellationToken cancellationToken = default) : PostgresCommand
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    /// <summary>Set by the transaction, which may be rolled back and run again.</summary>
    public T? Result { get; set; }

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

    public override void Complete() => _completion.TrySetResult(Result!);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
