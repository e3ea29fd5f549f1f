using JobQueue.Dashboard.Actions;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries;

namespace JobQueue.Dashboard.Pages.JobList;

/// <summary>Ticked rows, and what is done to them.</summary>
public sealed partial class JobsPage
{
    private void Select(JobId id, bool on)
    {
        _all = false;
        if (on)
            _selection.Add(id);
        else
            _selection.Remove(id);
    }

    private void SelectPage(bool on)
    {
        _all = false;
        if (on)
            _selection.UnionWith(_jobs!.Select(job => job.Id));
        else
            _selection.Clear();
    }

    private void ClearSelection()
    {
        _selection.Clear();
        _all = false;
    }

    /// <summary>What matches now: jobs that come later are not meant.</summary>
    private Task<bool> SelectAllMatchingAsync() => Feedback.GuardAsync(async () =>
    {
        string? cursor = null;
        do
        {
            var page = await Jobs.ListAsync(_state.ToFilter(_scope), cursor, 200, withPayloads: false, _closed.Token);
            _selection.UnionWith(page.Items.Select(job => job.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null && _selection.Count < JobQueries.ScanLimit);
        _all = true;
    });

    private Task RetrySelectedAsync() => CommandSelectedAsync(
        "Retry",
        "Each failed job among them runs again, with its retries counted anew.",
        "Jobs that have not failed are left alone.",
        (id, token) => Commands.RetryAsync(Viewer, id, token),
        "will run again");

    private Task CancelSelectedAsync() => CommandSelectedAsync(
        "Cancel",
        "Those that wait end at once; those that run are told to stop.",
        Viewer.IsOperator ? "Jobs that have ended are left alone." : "Jobs of others, and jobs that have ended, are left alone.",
        (id, token) => Commands.CancelAsync(Viewer, id, token),
        "cancelled");

    private async Task CommandSelectedAsync(
        string verb, string text, string details, Func<JobId, CancellationToken, Task<ControlResult?>> command, string done)
    {
        var ids = _selection.ToList();
        if (!await Feedback.ConfirmAsync($"{verb} {Amounts.Of(ids.Count, "job")}?", text, $"{verb} {Amounts.Of(ids.Count, "job")}", details, verb == "Cancel"))
            return;
        _busy = true;
        await Feedback.GuardAsync(async () =>
        {
            var changed = await JobCommands.ForEachAsync(ids, command, _closed.Token);
            Feedback.Say(changed == ids.Count
                ? $"{Amounts.Of(changed, "job")} {done}."
                : $"{Amounts.Of(changed, "job")} {done}, {Amounts.Count(ids.Count - changed)} left alone.");
        });
        _busy = false;
        ClearSelection();
        await LoadAsync();
    }
}
