using JobQueue.Access.Users;

namespace JobQueue.Access.Sessions;

/// <summary>What became of a try to sign in. A closed set.</summary>
internal abstract record SignInResult
{
    private SignInResult() { }

    public sealed record Welcome(User User) : SignInResult;

    /// <summary>No such account, another password, or a disabled account: which of them is nobody's business.</summary>
    public sealed record Refused : SignInResult;

    /// <summary>Too many failures lately; the password was not even looked at.</summary>
    public sealed record ComeBackLater(TimeSpan Wait) : SignInResult;

    /// <summary>Too many others are at the door; the password was not even looked at, and the try does not count.</summary>
    public sealed record Busy : SignInResult;
}
