namespace JobQueue.Storage;

/// <summary>
/// Keeps in memory what other processes of the same database may change as well: tokens, secrets, limits, pauses. Where one process
/// has the database alone nobody asks it anything.
/// </summary>
internal interface IRemembers
{
    /// <summary>Looks anew at what is kept, as another process may have changed it. When it fails, something old may still be kept: it is to be asked again.</summary>
    Task LookAgainAsync(CancellationToken cancellationToken);
}
