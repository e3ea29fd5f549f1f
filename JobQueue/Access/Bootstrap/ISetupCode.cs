namespace JobQueue.Access.Bootstrap;

/// <summary>Where the one good setup code is kept. Thread-safe.</summary>
internal interface ISetupCode
{
    /// <summary>Makes this the good code, unless that of another process still is.</summary>
    /// <returns>What is to be said about the good one.</returns>
    Task<SetupNotice> OfferAsync(string code, CancellationToken cancellationToken);

    Task<bool> IsGoodAsync(string code, CancellationToken cancellationToken);
}
