using JobQueue.Tests.Storage.Contract.Access;
using JobQueue.Tests.Storage.Contract.DeadLetters;
using JobQueue.Tests.Storage.Contract.Jobs;
using JobQueue.Tests.Storage.Contract.Leases;
using JobQueue.Tests.Storage.Contract.Limits;
using JobQueue.Tests.Storage.Contract.Queues;
using JobQueue.Tests.Storage.Contract.Writes;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Sqlite;

/// <summary>The promises of any store, kept on SQLite.</summary>
public static class SqliteJobStoreTests
{
    public sealed class Accounts() : AccountsContract(StoreProvider.Sqlite);

    public sealed class SetupCode() : SetupCodeContract(StoreProvider.Sqlite);

    public sealed class SignInThrottle() : SignInThrottleContract(StoreProvider.Sqlite);

    public sealed class SigningSecrets() : SigningSecretsContract(StoreProvider.Sqlite);

    public sealed class Tokens() : TokensContract(StoreProvider.Sqlite);

    public sealed class DeadLetterGroupQueries() : DeadLetterGroupQueriesContract(StoreProvider.Sqlite);

    public sealed class DeadLetterQueries() : DeadLetterQueriesContract(StoreProvider.Sqlite);

    public sealed class DeadLetters() : DeadLettersContract(StoreProvider.Sqlite);

    public sealed class Callbacks() : CallbacksContract(StoreProvider.Sqlite);

    public sealed class Cancelling() : CancellingContract(StoreProvider.Sqlite);

    public sealed class Idempotency() : IdempotencyContract(StoreProvider.Sqlite);

    public sealed class JobQueries() : JobQueriesContract(StoreProvider.Sqlite);

    public sealed class Outcomes() : OutcomesContract(StoreProvider.Sqlite);

    public sealed class Retention() : RetentionContract(StoreProvider.Sqlite);

    public sealed class Search() : SearchContract(StoreProvider.Sqlite);

    public sealed class Settling() : SettlingContract(StoreProvider.Sqlite);

    public sealed class Submitting() : SubmittingContract(StoreProvider.Sqlite);

    public sealed class SteadyClock() : SteadyClockContract(StoreProvider.Sqlite);

    public sealed class Crashes() : CrashesContract(StoreProvider.Sqlite);

    public sealed class Fencing() : FencingContract(StoreProvider.Sqlite);

    public sealed class Heartbeats() : HeartbeatsContract(StoreProvider.Sqlite);

    public sealed class LeaseOrder() : LeaseOrderContract(StoreProvider.Sqlite);

    public sealed class Waiting() : WaitingContract(StoreProvider.Sqlite);

    public sealed class Limits() : LimitsContract(StoreProvider.Sqlite);

    public sealed class Targets() : TargetsContract(StoreProvider.Sqlite);

    public sealed class QueueQueries() : QueueQueriesContract(StoreProvider.Sqlite);

    public sealed class Queues() : QueuesContract(StoreProvider.Sqlite);

    public sealed class StatsQueries() : StatsQueriesContract(StoreProvider.Sqlite);

    public sealed class Overload() : OverloadContract(StoreProvider.Sqlite);

    public sealed class RandomRun() : RandomRunContract(StoreProvider.Sqlite);

    public sealed class Rollback() : RollbackContract(StoreProvider.Sqlite);
}
