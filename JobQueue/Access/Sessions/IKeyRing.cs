using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace JobQueue.Access.Sessions;

/// <summary>Where the keys lie that protect cookies, forms and stored secrets. Thread-safe.</summary>
internal interface IKeyRing : IXmlRepository
{
    /// <summary>Without its keys nobody can sign in, now or once a new one is due: better told at the start than by a failed page.</summary>
    /// <param name="keys">Makes keys that lie here.</param>
    /// <exception cref="Bootstrap.StartRefusedException">They cannot be used.</exception>
    Task CheckAsync(IKeyManager keys, CancellationToken cancellationToken);
}
