using System.Net;

namespace JobQueue.Access.Sessions;

/// <summary>
/// Slows down guessing. A try is counted before its password is looked at, so that a hundred tries at once are as bounded as a
/// hundred in a row. It counts for the account as tried from one address, so that nobody can shut out a person who comes from
/// elsewhere, and for the address over all accounts. Tries spread over many addresses are bounded by the queue before the hash
/// (<see cref="Users.Passwords"/>). Thread-safe.
/// </summary>
internal interface ISignInThrottle
{
    /// <summary>Counts a try. Answers zero, or how long to wait when none is left; then nothing was counted.</summary>
    ValueTask<TimeSpan> TakeAsync(string name, IPAddress? address, CancellationToken cancellationToken);

    /// <summary>The password was right: the account has all its tries back. The address has this one, or guesses would hide behind an own account.</summary>
    ValueTask ForgiveAsync(string name, IPAddress? address, CancellationToken cancellationToken);

    /// <summary>The password was not looked at after all.</summary>
    ValueTask GiveBackAsync(string name, IPAddress? address, CancellationToken cancellationToken);
}
