namespace JobQueue.Access.Users;

/// <summary>What became of a change.</summary>
internal enum UserChangeResult
{
    Changed,
    NotFound,

    /// <summary>Nobody would be left to administrate: nothing was changed.</summary>
    LastAdministrator,
}
