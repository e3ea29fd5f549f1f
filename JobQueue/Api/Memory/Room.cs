namespace JobQueue.Api.Memory;

/// <summary>What one call holds of a <see cref="ByteBudget"/>, until it is disposed. For one caller at a time.</summary>
internal sealed class Room(ByteBudget budget) : IDisposable
{
    private long _bytes;

    /// <summary>Sees to it that the room is at least so large, waiting for it if need be.</summary>
    /// <exception cref="NoRoomException">There was no room for it in time.</exception>
    public async ValueTask GrowAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytes <= _bytes)
            return;
        await budget.TakeAsync(bytes - _bytes, cancellationToken);
        _bytes = bytes;
    }

    /// <summary>Makes the room just so large, whether there is any or not.</summary>
    public void Set(long bytes)
    {
        budget.Add(bytes - _bytes);
        _bytes = bytes;
    }

    public void Dispose() => Set(0);
}
