using System.Text;
using JobQueue.Dashboard.Actions;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries.DeadLetters;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace JobQueue.Dashboard.Pages.DeadLetters;

/// <summary>What is done to dead letters: one, the ticked ones, a group, or all that match.</summary>
public sealed partial class DeadLettersPage
{
    private readonly HashSet<JobId> _selection = [];
    private bool _all;
    private bool _busy;

    [Inject]
    private JobCommands Commands { get; set; } = null!;

    [Inject]
    private Feedback Feedback { get; set; } = null!;

    [Inject]
    private IOptions<JobsOptions> Limits { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>What is ticked; for all that match, what died until now.</summary>
    private DeadLetterFilter Selected => _all
        ? _state.ToFilter(_scope) with { DeadBefore = Time.GetUtcNow() }
        : new DeadLetterFilter { Tenant = _scope, JobIds = [.. _selection] };

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
            _selection.UnionWith(_entries!.Select(entry => entry.JobId));
        else
            _selection.Clear();
    }

    private void ClearSelection()
    {
        _selection.Clear();
        _all = false;
    }

    private Task RequeueAsync(DeadLetter entry) => BusyAsync(async () =>
    {
        if (await Feedback.RunAsync(
            () => Commands.RequeueAsync(Viewer, entry.JobId, null, _closed.Token), "The job is back in its queue.", entry.JobId))
        {
            _entries?.Remove(entry);
        }
    });

    private async Task DiscardAsync(DeadLetter entry)
    {
        if (!await Feedback.ConfirmAsync(
            "Discard 1 dead letter?",
            $"The job {entry.Type} will not be tried again. It stays in the list of jobs as failed.",
            "Discard"))
        {
            return;
        }

        await BusyAsync(async () =>
        {
            if (await Feedback.RunAsync(() => Commands.DiscardAsync(Viewer, entry.JobId, _closed.Token), "The dead letter was discarded."))
                _entries?.Remove(entry);
        });
    }

    private async Task EditAsync(DeadLetter entry)
    {
        if (await DeadLetters.FindAsync(Viewer.Scope, entry.JobId, _closed.Token) is not { } full)
        {
            Feedback.Warn("The dead letter is not there any more.");
            return;
        }

        if (await Feedback.EditPayloadAsync(full, Limits.Value.MaxPayloadKilobytes) is not { } edited)
            return;
        await BusyAsync(async () =>
        {
            if (await Feedback.RunAsync(
                () => Commands.RequeueAsync(Viewer, entry.JobId, Encoding.UTF8.GetBytes(edited), _closed.Token),
                "The job is back in its queue with the new payload.",
                entry.JobId))
            {
                _entries?.Remove(entry);
            }
        });
    }

    private Task RequeueSelectedAsync() => ManyAsync(Selected, requeue: true);

    private Task DiscardSelectedAsync() => ManyAsync(Selected, requeue: false);

    private Task RequeueGroupAsync(DeadLetterGroup group) => GroupAsync(group, requeue: true);

    private Task DiscardGroupAsync(DeadLetterGroup group) => GroupAsync(group, requeue: false);

    private async Task GroupAsync(DeadLetterGroup group, bool requeue)
    {
        var tenant = Viewer.Scope ?? (await Tenants.FindAsync(group.Tenant, _closed.Token))?.Id;
        var filter = _state.ToFilter(tenant) with { Type = group.Type, Fingerprint = group.Fingerprint, DeadBefore = Time.GetUtcNow() };
        await ManyAsync(filter, requeue);
    }

    /// <summary>Counts first, asks, then does it; what dies after the count is not meant.</summary>
    private async Task ManyAsync(DeadLetterFilter filter, bool requeue)
    {
        if (await RunAsync(filter, requeue, dryRun: true) is not { } preview)
            return;
        var what = Amounts.Of(preview.Matched, "dead letter");
        var agreed = requeue
            ? await Feedback.ConfirmAsync($"Requeue {what}?", "The jobs go back to their queues and run as workers become free.", "Requeue", destructive: false)
            : await Feedback.ConfirmAsync($"Discard {what}?", "The jobs will not be tried again. They stay in the list of jobs as failed.", "Discard");
        if (!agreed || await RunAsync(filter, requeue, dryRun: false) is not { } result)
            return;
        Feedback.Say($"{Amounts.Of(result.Changed, "dead letter")} {(requeue ? "requeued" : "discarded")}.");
        ClearSelection();
        await LoadAsync();
    }

    private async Task<BulkResult?> RunAsync(DeadLetterFilter filter, bool requeue, bool dryRun)
    {
        BulkResult? result = null;
        await BusyAsync(() => Feedback.GuardAsync(async () =>
        {
            result = requeue
                ? await Commands.RequeueManyAsync(Viewer, filter, dryRun, _closed.Token)
                : await Commands.DiscardManyAsync(Viewer, filter, dryRun, _closed.Token);
            if (result is null)
                Feedback.Warn("Not allowed: your role does not reach so far, or your session has ended.");
        }));
        return result;
    }

    private async Task BusyAsync(Func<Task> action)
    {
        if (_busy)
            return;
        _busy = true;
        await action();
        _busy = false;
        if (_entries is { Count: 0 })
            await LoadAsync();
    }
}
