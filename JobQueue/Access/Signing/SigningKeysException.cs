namespace JobQueue.Access.Signing;

/// <summary>A tenant's signing secrets cannot be read: better no call than one that the receiver cannot trust.</summary>
internal sealed class SigningKeysException(Exception cause) : Exception(
    "The tenant's signing secrets cannot be read: the keys they are encrypted with, in keys/ beside the database, are missing or other ones. "
    + "Bring those keys back, or delete the secrets and make new ones.",
    cause);
