using JobQueue.Tests.Storage.Contract.Processes;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary>The promises of a store that several processes serve, kept on PostgreSQL.</summary>
public static class PostgresProcessesTests
{
    public sealed class OneClock() : OneClockContract(StoreProvider.Postgres);

    public sealed class Races() : RacesContract(StoreProvider.Postgres);

    public sealed class SharedLimits() : SharedLimitsContract(StoreProvider.Postgres);

    public sealed class Hearsay() : HearsayContract(StoreProvider.Postgres);

    public sealed class Deaths() : DeathsContract(StoreProvider.Postgres);
}
