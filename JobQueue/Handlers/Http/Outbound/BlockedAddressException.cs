using JobQueue.Jobs.Targets;

namespace JobQueue.Handlers.Http.Outbound;

/// <summary>A host lies where nobody may call. The address itself is not told: who asks could learn of a network from it.</summary>
internal sealed class BlockedAddressException(HttpTarget target) : Exception(
    $"{target.Host} is not on the public internet, or is this server itself, and is not called. "
    + $"An administrator of the server can allow it: Handlers:Http:AllowedPrivateHosts, \"{target.Host}:{target.Port}\".");
