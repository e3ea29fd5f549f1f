using Microsoft.Data.Sqlite;

namespace JobQueue.Storage.Sqlite.Sql;

/// <summary>The writer's statements, each prepared at its first use and kept. Belongs to the writer's thread.</summary>
internal sealed class HotStatements(SqliteConnection connection) : IDisposable
{
    private readonly List<SqliteStatement> _prepared = [];

    public SqliteStatement Begin => field ??= Prepare("BEGIN IMMEDIATE");
    public SqliteStatement Commit => field ??= Prepare("COMMIT");
    public SqliteStatement Rollback => field ??= Prepare("ROLLBACK");
    public SqliteStatement Savepoint => field ??= Prepare("SAVEPOINT change");
    public SqliteStatement ReleaseSavepoint => field ??= Prepare("RELEASE change");
    public SqliteStatement RollbackToSavepoint => field ??= Prepare("ROLLBACK TO change");

    public SqliteStatement InsertJob => field ??= Load("insert_job");
    public SqliteStatement SelectJob => field ??= Load("select_job");
    public SqliteStatement FinishJob => field ??= Load("finish_job");
    public SqliteStatement RetryJob => field ??= Load("retry_job");
    public SqliteStatement ReturnJob => field ??= Load("return_job");
    public SqliteStatement EndJob => field ??= Load("end_job");
    public SqliteStatement ReopenJob => field ??= Load("reopen_job");
    public SqliteStatement DiscardJob => field ??= Load("discard_job");
    public SqliteStatement OldJobs => field ??= Load("old_jobs");
    public SqliteStatement DeleteJob => field ??= Load("delete_job");
    public SqliteStatement LastJob => field ??= Load("last_job");

    public SqliteStatement InsertReady => field ??= Load("insert_ready");
    public SqliteStatement DeleteReady => field ??= Load("delete_ready");
    public SqliteStatement DeleteTaken => field ??= Load("delete_taken");
    public SqliteStatement PeekReady => field ??= Load("peek_ready");
    public SqliteStatement InsertScheduled => field ??= Load("insert_scheduled");
    public SqliteStatement DeleteScheduled => field ??= Load("delete_scheduled");
    public SqliteStatement DueScheduled => field ??= Load("due_scheduled");
    public SqliteStatement MoveWaitingJobs => field ??= Load("move_waiting_jobs");
    public SqliteStatement MoveWaits => field ??= Load("move_waits");
    public SqliteStatement MoveLeases => field ??= Load("move_leases");
    public SqliteStatement ShortenWaitingJobs => field ??= Load("shorten_waiting_jobs");
    public SqliteStatement ShortenWaits => field ??= Load("shorten_waits");
    public SqliteStatement NextDue => field ??= Load("next_due");

    public SqliteStatement FindKey => field ??= Load("find_key");
    public SqliteStatement InsertKey => field ??= Load("insert_key");
    public SqliteStatement DeleteKey => field ??= Load("delete_key");

    public SqliteStatement InsertLease => field ??= Load("insert_lease");
    public SqliteStatement DeleteLease => field ??= Load("delete_lease");
    public SqliteStatement ExtendLease => field ??= Load("extend_lease");
    public SqliteStatement ProgressLease => field ??= Load("progress_lease");
    public SqliteStatement CancelLease => field ??= Load("cancel_lease");

    public SqliteStatement InsertAttempt => field ??= Load("insert_attempt");
    public SqliteStatement InsertLog => field ??= Load("insert_log");
    public SqliteStatement DeleteAttempts => field ??= Load("delete_attempts");
    public SqliteStatement DeleteLogs => field ??= Load("delete_logs");
    public SqliteStatement CountLogs => field ??= Load("count_logs");
    public SqliteStatement InsertCallback => field ??= Load("insert_callback");
    public SqliteStatement DeleteCallbacks => field ??= Load("delete_callbacks");
    public SqliteStatement InsertDeadLetter => field ??= Load("insert_dead_letter");
    public SqliteStatement DeleteDeadLetter => field ??= Load("delete_dead_letter");
    public SqliteStatement InsertAudit => field ??= Load("insert_audit");

    public SqliteStatement InsertLane => field ??= Load("insert_lane");
    public SqliteStatement UpdateLane => field ??= Load("update_lane");
    public SqliteStatement AddMinute => field ??= Load("add_minute");
    public SqliteStatement DeleteLane => field ??= Load("delete_lane");
    public SqliteStatement DeleteMinutes => field ??= Load("delete_minutes");
    public SqliteStatement OldAudit => field ??= Load("old_audit");
    public SqliteStatement DeleteAudit => field ??= Load("delete_audit");
    public SqliteStatement PauseQueue => field ??= Load("pause_queue");
    public SqliteStatement ResumeQueue => field ??= Load("resume_queue");

    public SqliteStatement InsertSiding => field ??= Load("insert_siding");
    public SqliteStatement DeleteSiding => field ??= Load("delete_siding");
    public SqliteStatement SaveBreaker => field ??= Load("save_breaker");
    public SqliteStatement DeleteBreaker => field ??= Load("delete_breaker");

    public SqliteStatement LoadTenants => field ??= Load("load_tenants");
    public SqliteStatement LoadLanes => field ??= Load("load_lanes");
    public SqliteStatement LoadLeases => field ??= Load("load_leases");
    public SqliteStatement LoadPaused => field ??= Load("load_paused");
    public SqliteStatement LoadSidings => field ??= Load("load_sidings");
    public SqliteStatement LoadBreakers => field ??= Load("load_breakers");
    public SqliteStatement CountRecent => field ??= Load("count_recent");

    public void Dispose()
    {
        foreach (var statement in _prepared)
            statement.Dispose();
    }

    private SqliteStatement Load(string name) => Prepare(SqlText.Load(name));

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(connection, sql);
        _prepared.Add(statement);
        return statement;
    }
}
