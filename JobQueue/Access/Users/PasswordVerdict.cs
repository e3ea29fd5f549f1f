namespace JobQueue.Access.Users;

/// <summary>What a look at a password says.</summary>
internal enum PasswordVerdict
{
    Right,
    Wrong,

    /// <summary>Too many wait to be looked at: this one was not.</summary>
    Busy,
}
