namespace JobQueue.Workers.Remote;

/// <summary>The server says that it will never do what it was asked: coming again does not help.</summary>
internal sealed class ServerRefusedException(int status, string message) : Exception(message)
{
    /// <summary>Of HTTP.</summary>
    public int Status { get; } = status;
}
