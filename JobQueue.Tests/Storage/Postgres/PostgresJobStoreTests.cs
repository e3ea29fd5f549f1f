using JobQueue.Tests.Storage.Contract.Access;
using JobQueue.Tests.Storage.Contract.DeadLetters;
using JobQueue.Tests.Storage.Contract.Jobs;
using JobQueue.Tests.Storage.Contract.Leases;
using JobQueue.Tests.Storage.Contract.Limits;
using JobQueue.Tests.Storage.Contract.Queues;
using JobQueue.Tests.Storage.Contract.Writes;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary>The promises of any store, kept on PostgreSQL.</summary>
public static class PostgresJobStoreTests
{
    public sealed class Accounts() : AccountsContract(StoreProvider.Postgres);

    public sealed class Tokens() : TokensContract(StoreProvider.Postgres);

    public sealed class DeadLetterGroupQueries() : DeadLetterGroupQueriesContract(StoreProvider.Postgres);

    public sealed class DeadLetterQueries() : DeadLetterQueriesContract(StoreProvider.Postgres);

    public sealed class DeadLetters() : DeadLettersContract(StoreProvider.Postgres);

    public sealed class Callbacks() : CallbacksContract(StoreProvider.Postgres);

    public sealed class Cancelling() : CancellingContract(StoreProvider.Postgres);

    public sealed class Idempotency() : IdempotencyContract(StoreProvider.Postgres);

    public sealed class JobQueries() : JobQueriesContract(StoreProvider.Postgres);

    public sealed class Outcomes() : OutcomesContract(StoreProvider.Postgres);

    public sealed class Retention() : RetentionContract(StoreProvider.Postgres);

    public sealed class Search() : SearchContract(StoreProvider.Postgres);

    public sealed class Settling() : SettlingContract(StoreProvider.Postgres);

    public sealed class Submitting() : SubmittingContract(StoreProvider.Postgres);

    public sealed class Crashes() : CrashesContract(StoreProvider.Postgres);

    public sealed class Fencing() : FencingContract(StoreProvider.Postgres);

    public sealed class Heartbeats() : HeartbeatsContract(StoreProvider.Postgres);

    public sealed class LeaseOrder() : LeaseOrderContract(StoreProvider.Postgres);

    public sealed class Waiting() : WaitingContract(StoreProvider.Postgres);

    public sealed class Limits() : LimitsContract(StoreProvider.Postgres);

    public sealed class Targets() : TargetsContract(StoreProvider.Postgres);

    public sealed class QueueQueries() : QueueQueriesContract(StoreProvider.Postgres);

    public sealed class Queues() : QueuesContract(StoreProvider.Postgres);

    public sealed class StatsQueries() : StatsQueriesContract(StoreProvider.Postgres);

    public sealed class Overload() : OverloadContract(StoreProvider.Postgres);

    public sealed class RandomRun() : RandomRunContract(StoreProvider.Postgres);

    public sealed class Rollback() : RollbackContract(StoreProvider.Postgres);
}
