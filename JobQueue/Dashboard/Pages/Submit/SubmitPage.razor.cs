using System.Text;
using JobQueue.Access.Users;
using JobQueue.Dashboard.Actions;
using JobQueue.Dashboard.Live;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Handlers;
using JobQueue.Handlers.BuiltIn;
using JobQueue.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Queues;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace JobQueue.Dashboard.Pages.Submit;

/// <summary>Where people submit jobs: the same rules and limits as for programs.</summary>
public sealed partial class SubmitPage : IDisposable
{
    private const string TypeList = "types";
    private const string QueueList = "queues";
    private const int MaxSuggestions = 200;

    private readonly CancellationTokenSource _closed = new();
    private SubmissionDraft _draft = new();
    private IReadOnlyList<Tenant> _tenants = [];
    private IReadOnlyList<string> _types = [];
    private IReadOnlyList<string> _queues = [];
    private TenantUsage? _usage;
    private QueuePause? _pause;
    private IReadOnlyList<KnownWorker>? _workers;
    private SubmitResult? _outcome;
    private Exception? _failure;
    private LiveSubscription? _live;
    private bool _busy;
    private bool _more;
    private bool _checked;

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [CascadingParameter]
    private Viewer Viewer { get; set; } = null!;

    [Inject]
    private HandlerRegistry Handlers { get; set; } = null!;

    [Inject]
    private IWorkers Workers { get; set; } = null!;

    [Inject]
    private IJobBoard Board { get; set; } = null!;

    [Inject]
    private TenantStore Tenants { get; set; } = null!;

    [Inject]
    private JobQueries Jobs { get; set; } = null!;

    [Inject]
    private QueueQueries Queues { get; set; } = null!;

    [Inject]
    private JobCommands Commands { get; set; } = null!;

    [Inject]
    private Feedback Feedback { get; set; } = null!;

    [Inject]
    private LiveRefresh Live { get; set; } = null!;

    [Inject]
    private IOptions<JobsOptions> Limits { get; set; } = null!;

    [Inject]
    private IOptions<RetriesOptions> Retries { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <summary>The harmless one first, the one that kills the process last.</summary>
    private IEnumerable<HandlerEntry> Samples => Handlers.All
        .OrderBy(entry => entry.Type == CrashHandler.Type)
        .ThenBy(entry => entry.Type != Submission.DefaultType);

    /// <summary>Told after the first try to submit, and then with every change.</summary>
    private IReadOnlyDictionary<string, string> Problems => _checked
        ? _draft.Problems(Limits.Value.MaxPayloadKilobytes, Time.GetUtcNow())
        : System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    /// <summary>The payload of another type's sample is offered to be replaced, never replaced unasked: somebody may be typing.</summary>
    private bool OffersSample =>
        SampleOf(_draft.Type) is { } sample && _draft.Payload != sample && Handlers.All.Any(entry => entry.Example == _draft.Payload);

    private TenantId Tenant => _tenants.FirstOrDefault(tenant => tenant.Name == _draft.Tenant)?.Id ?? Viewer.TenantId;

    private string Curl => CurlLine.Of(_draft, Navigation.BaseUri, Retries.Value.MaxRetries);

    private string? Remaining => _usage is { RemainingThisMinute: { } left } usage
        ? $"{Amounts.Count(left)} of {Amounts.Count(usage.Limits.MaxNewPerMinute!.Value)} submissions left this minute"
        : null;

    public void Dispose()
    {
        _live?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _live = Live.Subscribe(Viewer.Scope, _ => RefreshAsync());
        await LoadAsync();
    }

    private static Dictionary<string, object?> Listed(string list) => new() { ["list"] = list, ["autocomplete"] = "off", ["spellcheck"] = "false" };

    private static string Refusal(SubmitResult.OverLimit over) => over.Reason switch
    {
        RefusalReason.Backlog => $"The tenant has {Amounts.Count(over.Usage.Pending)} jobs waiting, as many as it may. Try again when some are done.",
        RefusalReason.LimitIsZero => "The tenant may submit no jobs: a limit of its own is 0.",
        RefusalReason.Lanes => "The tenant has too many different combinations of queue and type waiting. Use one that exists.",
        _ => $"Over the limit of {over.Usage.Limits.MaxNewPerMinute} new jobs a minute. Try again in {Math.Max(1, Math.Ceiling(over.Usage.NextAcceptance.TotalSeconds)):0} seconds.",
    };

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            _tenants = Viewer.IsAdministrator
                ? [.. (await Tenants.ListAsync(_closed.Token)).OrderBy(tenant => tenant.Name != Viewer.Tenant).ThenBy(tenant => tenant.Name)]
                : [];
            _types = [.. Handlers.All.Select(entry => entry.Type)];
            _queues = [.. (await Queues.NamesAsync(Viewer.Scope, "", MaxSuggestions, _closed.Token)).Union([Submission.DefaultQueue]).Order()];
            _draft = JobId.TryParse(From, out var id) && await Jobs.FindAsync(Viewer.Scope, id, _closed.Token) is { } job
                ? SubmissionDraft.From(job)
                : new SubmissionDraft { Tenant = Viewer.Tenant, MaxRetries = Retries.Value.MaxRetries, Payload = SampleOf(Submission.DefaultType) ?? "{}" };
            await LookAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception;
        }
    }

    private Task RefreshAsync() => InvokeAsync(async () =>
    {
        await LookAsync();
        StateHasChanged();
    });

    /// <summary>Looks at what would hold the job up.</summary>
    private async Task LookAsync()
    {
        if (_closed.IsCancellationRequested)
            return;
        try
        {
            (_usage, _pause, _workers) = (
                await Board.UsageOfAsync(Tenant, _closed.Token),
                await Board.PauseOfAsync(Tenant, _draft.Queue, _closed.Token),
                await Workers.PresentAsync(_closed.Token));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // These are hints beside a form that somebody fills in: it serves without them.
            (_usage, _pause, _workers) = (null, null, null);
        }
    }

    private string? SampleOf(string type) => Handlers.TryGet(type, out var entry) ? entry.Example : null;

    private void UseSample(string type) => (_draft.Type, _draft.Payload) = (type, SampleOf(type)!);

    private IEnumerable<string> Warnings()
    {
        if (PayloadWarning() is { } payload)
            yield return payload;
        if (_workers?.Any(worker => worker.Takes(Tenant, _draft.Queue, _draft.Type)) == false)
            yield return $"No worker that is present runs jobs of type {_draft.Type}: the job would wait for one.";
        if (_pause is { } pause)
            yield return $"The queue {_draft.Queue} was paused by {pause.PausedBy}: the job would wait.";
        if (_usage is { AtConcurrencyLimit: true })
            yield return "The tenant runs as many jobs as it may: the job would wait for one to end.";
    }

    /// <summary>The type looks at the payload when the job runs; a person is told before.</summary>
    private string? PayloadWarning()
    {
        var payload = Encoding.UTF8.GetBytes(_draft.Payload);
        return Handlers.TryGet(_draft.Type, out var handler)
            && SubmissionRules.PayloadError(payload, Limits.Value.MaxPayloadKilobytes) is null
            && handler.PayloadError(payload) is { } error
            ? $"The job would fail at once: {error}"
            : null;
    }

    private async Task SubmitAsync()
    {
        if (_busy)
            return;
        (_outcome, _checked) = (null, true);
        if (Problems is { Count: > 0 } problems)
        {
            _more |= problems.Keys.Any(field => field is not ("Type" or "Queue" or "Payload"));
            return;
        }

        _busy = true;
        await Feedback.GuardAsync(async () =>
        {
            _outcome = await Commands.SubmitAsync(Viewer, _draft.ToSubmission(Tenant, Viewer), _closed.Token);
            if (_outcome is null)
                Feedback.Warn("Not allowed: your session has ended.");
        });
        await LookAsync();
        _busy = false;
        if (_outcome is SubmitResult.Accepted accepted)
        {
            Feedback.Say("The job was accepted.");
            Navigation.NavigateTo(Links.Job(accepted.Job.Id));
        }
    }
}
