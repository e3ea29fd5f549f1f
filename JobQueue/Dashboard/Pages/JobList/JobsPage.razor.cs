using JobQueue.Access.Users;
using JobQueue.Dashboard.Actions;
using JobQueue.Dashboard.Live;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace JobQueue.Dashboard.Pages.JobList;

/// <summary>The list of jobs. Its address is its state; rows change in place, new ones wait behind a pill.</summary>
public sealed partial class JobsPage : IDisposable
{
    private const int PageSize = 50;
    private const int MaxSuggestions = 8;

    private readonly HashSet<JobId> _selection = [];
    private readonly CancellationTokenSource _closed = new();
    private JobListState _state = new();
    private TenantId? _scope;
    private List<Job>? _jobs;
    private JobCounts? _counts;
    private string? _newer;
    private string? _older;
    private Exception? _failure;
    private LiveSubscription? _live;
    private int _new;
    private bool _paused;
    private bool _all;
    private bool _busy;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = null!;

    [Inject]
    private JobQueries Jobs { get; set; } = null!;

    [Inject]
    private StatsQueries Stats { get; set; } = null!;

    [Inject]
    private QueueQueries Queues { get; set; } = null!;

    [Inject]
    private TenantStore Tenants { get; set; } = null!;

    [Inject]
    private JobCommands Commands { get; set; } = null!;

    [Inject]
    private Feedback Feedback { get; set; } = null!;

    [Inject]
    private LiveRefresh Live { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _live?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        await LoadAsync();
    }

    private static int Count(JobCounts counts, JobStatus status) => status switch
    {
        JobStatus.Pending => counts.Pending,
        JobStatus.Running => counts.Running,
        JobStatus.Done => counts.Done,
        _ => counts.Failed,
    };

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args) => _ = InvokeAsync(async () =>
    {
        if (JobListState.Read(args.Location) == _state || !Navigation.IsAt(args.Location, Links.Jobs))
            return;
        ClearSelection();
        await LoadAsync();
        StateHasChanged();
    });

    private async Task LoadAsync()
    {
        _failure = null;
        _new = 0;
        _state = JobListState.Read(Navigation.Uri);
        try
        {
            _scope = await NarrowedScopeAsync();
            Subscribe();
            if (_scope is null && _state.Tenant is not null)
                (_jobs, _newer, _older) = ([], null, null);
            else
                await LoadPageAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            (_failure, _jobs) = (exception, null);
        }
    }

    private async Task LoadPageAsync()
    {
        var filter = _state.ToFilter(_scope);
        _counts = await Stats.TotalAsync(_scope, _closed.Token);
        if (_state.After is { } after)
        {
            var newer = await Jobs.NewerAsync(filter, after, PageSize, _closed.Token);
            if (newer.NextCursor is not null)
            {
                _jobs = [.. newer.Items];
                _newer = (_state with { Before = null, After = newer.NextCursor }).ToUrl();
                _older = (_state with { Before = Cursor.Encode(_jobs[^1].Id), After = null }).ToUrl();
                return;
            }

            // These are the newest: the first page, which has no cursor in its address.
            _state = _state with { After = null };
            Navigation.NavigateTo(_state.ToUrl(), replace: true);
        }

        var page = await Jobs.ListAsync(filter, _state.Before, PageSize, withPayloads: false, _closed.Token);
        _jobs = [.. page.Items];
        _newer = _state.Before is null ? null : (_state with { Before = null, After = _jobs is [var first, ..] ? Cursor.Encode(first.Id) : null }).ToUrl();
        _older = page.NextCursor is { } next ? (_state with { Before = next, After = null }).ToUrl() : null;
    }

    /// <summary>An administrator may look at one tenant alone; a name that does not exist matches nothing.</summary>
    private async Task<TenantId?> NarrowedScopeAsync() =>
        Viewer.IsAdministrator && _state.Tenant is { } name ? (await Tenants.FindAsync(name, _closed.Token))?.Id : Viewer.Scope;

    private void Subscribe()
    {
        _live?.Dispose();
        _live = Live.Subscribe(_scope ?? Viewer.Scope, changes => InvokeAsync(() => ShowAsync(changes)));
    }

    private async Task ShowAsync(LiveChanges changes)
    {
        if (_jobs is null || _busy)
            return;
        // A list that is empty has no row that could jump.
        if (_jobs.Count == 0 && !_paused && _state.IsFirstPage)
        {
            await LoadPageAsync();
        }
        else
        {
            if (_state.IsFirstPage)
                _new = await CountNewAsync();
            if (!_paused && _selection.Count == 0)
            {
                await ChangeInPlaceAsync(changes);
                _counts = await Stats.TotalAsync(_scope, _closed.Token);
            }
        }

        StateHasChanged();
    }

    /// <summary>Rows that a reload would add: new jobs, and under a filter by status those that have come to it.</summary>
    private async Task<int> CountNewAsync()
    {
        var filter = _state.ToFilter(_scope);
        if (_state is { Status: null, Reason: null })
            return await Jobs.CountAsync(filter, _jobs is [var newest, ..] ? Cursor.Encode(newest.Id) : null, _closed.Token);
        var page = await Jobs.ListAsync(filter, null, PageSize, withPayloads: false, _closed.Token);
        var shown = _jobs!.Select(job => job.Id).ToHashSet();
        return page.Items.Count(job => !shown.Contains(job.Id));
    }

    private async Task ChangeInPlaceAsync(LiveChanges changes)
    {
        var touched = _jobs!.Where(job => changes.Touches(job.Id)).Select(job => job.Id).ToList();
        if (touched.Count == 0)
            return;
        var fresh = (await Jobs.FindManyAsync(_scope, touched, _closed.Token, withPayloads: false)).ToDictionary(job => job.Id);
        for (var i = 0; i < _jobs!.Count; i++)
        {
            if (fresh.TryGetValue(_jobs[i].Id, out var job))
                _jobs[i] = job;
        }
    }

    private async Task ShowNewAsync()
    {
        ClearSelection();
        await LoadAsync();
    }

    private async Task SetPausedAsync(bool paused)
    {
        _paused = paused;
        if (!paused)
            await LoadAsync();
    }

    private Task GoAsync(string? url)
    {
        if (url is not null)
            Navigation.NavigateTo(url);
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<string>> SuggestAsync(string name, string start)
    {
        IEnumerable<string> values = name switch
        {
            "status" => Words.Statuses,
            "reason" => Words.Reasons,
            "queue" => await Queues.NamesAsync(_scope, start, MaxSuggestions, _closed.Token),
            "tag" => _jobs?.SelectMany(job => job.Tags) ?? [],
            "type" => _jobs?.Select(job => job.Type) ?? [],
            _ => [],
        };
        return [.. values.Where(value => value.StartsWith(start, StringComparison.OrdinalIgnoreCase)).Distinct().Order().Take(MaxSuggestions)];
    }
}
