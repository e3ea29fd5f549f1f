using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Commands.Submitting;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>Tells of ends. Runs inside the transaction that ends the job, after its row says so.</summary>
internal static class CallbackMoves
{
    /// <summary>Makes the job that calls back, if this end is to be told. Whatever the tenant's limits are, it is made.</summary>
    public static void CallBack(this WriteContext context, Callback? callback, JobId id, JobStatus end)
    {
        if (callback is null || !callback.Wants(end))
            return;
        var ended = JobRowReader.Find(context, id, withTexts: true)!;
        var delivery = Acceptance.Make(
            context,
            context.Board.Tenant(ended.TenantId),
            CallbackDelivery.Of(ended, context.CallbackBody.Of(ended), context.Retries.DefaultMaxRetries));
        context.Sql.InsertCallback.Bind(id).Bind(delivery.Id).Run();
    }
}
