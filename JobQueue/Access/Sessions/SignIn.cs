using JobQueue.Storage.Access;

namespace JobQueue.Access.Sessions;

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
