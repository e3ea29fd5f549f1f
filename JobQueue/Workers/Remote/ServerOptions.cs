namespace JobQueue.Workers.Remote;

/// <summary>The server a worker in a process of its own works for.</summary>
/// <param name="Address">Ends with a slash.</param>
/// <param name="Token">With the scope <c>jobs:work</c>.</param>
internal sealed record ServerOptions(Uri Address, string Token);
