using JobQueue.Access.Users;

namespace JobQueue.Access.Bootstrap;

/// <summary>What became of a try to set the server up.</summary>
internal abstract record SetupResult
{
    private SetupResult() { }

    public sealed record Created(User User) : SetupResult;

    public sealed record WrongCode : SetupResult;

    public sealed record NameTaken : SetupResult;

    /// <summary>There is an administrator already.</summary>
    public sealed record Closed : SetupResult;
}
