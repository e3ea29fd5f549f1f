using System.Net;
using JobQueue.Access.Users;

namespace JobQueue.Access.Sessions;

/// <summary>Checks names and passwords, and slows down who guesses. Thread-safe.</summary>
internal sealed class SignIn(IAccounts accounts, Passwords passwords, ISignInThrottle throttle)
{
    /// <param name="address">Where the try comes from.</param>
    public async Task<SignInResult> TryAsync(string name, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        // Nobody is called so: there is nothing to hash, nor to remember.
        if (UserRules.NameError(name) is not null)
            return new SignInResult.Refused();
        if (await throttle.TakeAsync(name, address, cancellationToken) is var wait && wait > TimeSpan.Zero)
            return new SignInResult.ComeBackLater(wait);
        var account = await accounts.FindCredentialsAsync(name, cancellationToken);
        switch (await passwords.VerifyAsync(account?.PasswordHash, password, cancellationToken))
        {
            case PasswordVerdict.Busy:
                await throttle.GiveBackAsync(name, address, CancellationToken.None);
                return new SignInResult.Busy();
            case PasswordVerdict.Right when account is { User.Disabled: false }:
                await throttle.ForgiveAsync(name, address, CancellationToken.None);
                return new SignInResult.Welcome(account.User);
            default:
                return new SignInResult.Refused();
        }
    }
}
