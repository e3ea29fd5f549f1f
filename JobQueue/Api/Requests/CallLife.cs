using JobQueue.Access.Tokens;
using JobQueue.Api.Problems;

namespace JobQueue.Api.Requests;

/// <summary>
/// What ends a call that may take long, a stream or a long poll: its caller goes away, its token is revoked or expires, or, for
/// a long poll, the server begins to stop.
/// </summary>
internal sealed class CallLife : IDisposable
{
    /// <summary>Timers take 49 days at most; one that fires too early looks again.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly HttpContext _context;
    private readonly TokenPrincipal _caller;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _end;
    private readonly ITimer? _expiry;

    private CallLife(HttpContext context, TimeProvider time, CancellationToken stopping)
    {
        (_context, _caller, _time, _stopping) = (context, context.Caller(), time, stopping);
        _end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _caller.Revoked, stopping);
        if (_caller.Token.ExpiresAt is not null)
        {
            _expiry = time.CreateTimer(static life => ((CallLife)life!).LookAtExpiry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            LookAtExpiry();
        }
    }

    /// <summary>Cancelled at the end of the call's life.</summary>
    public CancellationToken End => _end.Token;

    public bool HasEnded => _end.IsCancellationRequested;

    /// <summary>Whether nobody is there any more to be answered.</summary>
    public bool CallerIsGone => _context.RequestAborted.IsCancellationRequested;

    public bool ServerStops => _stopping.IsCancellationRequested;

    public static CallLife OfPoll(HttpContext context) =>
        Of(context, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);

    /// <summary>A stream is served while the server drains.</summary>
    public static CallLife OfStream(HttpContext context) => Of(context, CancellationToken.None);

    /// <summary>What to answer a caller who is still there.</summary>
    public Problem ToProblem() => ServerStops
        ? Problem.Stopping("The server is stopping. Come again when it is back.")
        : Problem.Unauthorized(tokenGiven: true);

    public void Dispose()
    {
        _expiry?.Dispose();
        _end.Dispose();
    }

    private static CallLife Of(HttpContext context, CancellationToken stopping) =>
        new(context, context.RequestServices.GetRequiredService<TimeProvider>(), stopping);

    private void LookAtExpiry()
    {
        var left = _caller.Token.ExpiresAt!.Value - _time.GetUtcNow();
        if (left > TimeSpan.Zero)
            _expiry!.Change(left < LongestTimer ? left : LongestTimer, Timeout.InfiniteTimeSpan);
        else
            _ = _end.CancelAsync();
    }
}
