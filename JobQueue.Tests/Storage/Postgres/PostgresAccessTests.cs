using JobQueue.Tests.Storage.Contract.Access;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary>What lets people and programs in is shared by all processes.</summary>
public static class PostgresAccessTests
{
    public sealed class SetupCode() : SetupCodeContract(StoreProvider.Postgres);

    public sealed class SigningSecrets() : SigningSecretsContract(StoreProvider.Postgres);

    public sealed class SignInThrottle() : SignInThrottleContract(StoreProvider.Postgres);
}
