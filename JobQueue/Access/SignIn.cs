namespace JobQueue.Access;

/// <summary>What became of a try to sign in. A closed set.</summary>
internal abstract record SignInResult
{
    private SignInResult() { }

    public sealed record Welcome(User User) : SignInResult;

    /// <summary>No such account, another password, or a disabled account: which of them is nobody's business.</summary>
    public sealed record Refused : SignInResult;

    /// <summary>Too many failures lately; the password was not even looked at.</summary>
    public sealed record ComeBackLater(TimeSpan Wait) : SignInResult;
}

/// <summary>Checks names and passwords, and slows down who guesses. Thread-safe.</summary>
internal sealed class SignIn(UserStore users, SignInThrottle throttle)
{
    public async Task<SignInResult> TryAsync(string name, string password, CancellationToken cancellationToken)
    {
        if (throttle.WaitFor(name) is var wait && wait > TimeSpan.Zero)
            return new SignInResult.ComeBackLater(wait);
        if (await users.VerifyAsync(name, password, cancellationToken) is { } user)
        {
            throttle.Succeeded(name);
            return new SignInResult.Welcome(user);
        }

        throttle.Failed(name);
        return new SignInResult.Refused();
    }
}
