using JobQueue.Access.Bootstrap;
using JobQueue.Jobs.Store;

namespace JobQueue.Access.Users;

/// <summary>
/// The accounts of people. Accounts made in a demo are as good as not there outside it. Each verb checks and changes in one
/// transaction, so that two at once, also of two processes, cannot both win. Thread-safe; what a call changes is on disk when
/// its task ends.
/// </summary>
internal interface IAccounts
{
    /// <summary>Rises when accounts may have changed, in whichever process that was.</summary>
    long Version { get; }

    /// <returns><see langword="null"/> when the name is taken; then nothing was made, no tenant either.</returns>
    /// <exception cref="ArgumentException">Name, password or role break <see cref="UserRules"/>.</exception>
    Task<User?> CreateAsync(NewUser user, Actor actor, CancellationToken cancellationToken);

    /// <summary>As <see cref="CreateAsync"/>, for the first administrator: of two calls at once one is answered that there is one.</summary>
    /// <exception cref="ArgumentException">Name, password or role break <see cref="UserRules"/>.</exception>
    Task<SetupResult> CreateFirstAsync(NewUser user, Actor actor, CancellationToken cancellationToken);

    /// <summary>Changes an account and ends its sessions.</summary>
    /// <exception cref="ArgumentException">Password or role break <see cref="UserRules"/>.</exception>
    Task<UserChangeResult> ChangeAsync(string name, UserChanges changes, Actor actor, CancellationToken cancellationToken);

    Task<User?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Also of a disabled account.</summary>
    Task<Credentials?> FindCredentialsAsync(string name, CancellationToken cancellationToken);

    /// <summary>Every account that counts, by name.</summary>
    Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Whether a session that was signed in with this stamp still counts.</summary>
    Task<bool> IsCurrentAsync(int userId, string stamp, CancellationToken cancellationToken);

    /// <summary>Whether there is an administrator who was not made in a demo.</summary>
    Task<bool> AnyRealAdministratorAsync(CancellationToken cancellationToken = default);
}
