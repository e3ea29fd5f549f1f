using JobQueue.Access.Users;
using JobQueue.Dashboard.Live;
using JobQueue.Dashboard.Pages.JobList;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace JobQueue.Dashboard.Pages.DeadLetters;

/// <summary>The jobs that need a person: one by one, or the same failures together.</summary>
public sealed partial class DeadLettersPage : IDisposable
{
    private const int PageSize = 50;
    private const int MaxSuggestions = 8;

    private static readonly string[] MemberNames = ["reason", "queue", "type"];

    private readonly CancellationTokenSource _closed = new();
    private DeadLetterState _state = new();
    private TenantId? _scope;
    private List<DeadLetter>? _entries;
    private IReadOnlyList<DeadLetterGroup>? _groups;
    private string? _newer;
    private string? _older;
    private Exception? _failure;
    private LiveSubscription? _live;
    private bool _paused;
    private int _new;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = null!;

    [Inject]
    private DeadLetterQueries DeadLetters { get; set; } = null!;

    [Inject]
    private DeadLetterGroupQueries GroupQueries { get; set; } = null!;

    [Inject]
    private QueueQueries Queues { get; set; } = null!;

    [Inject]
    private TenantStore Tenants { get; set; } = null!;

    [Inject]
    private LiveRefresh Live { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IEnumerable<string> Names => Viewer.IsAdministrator ? [.. MemberNames, "tenant"] : MemberNames;

    private string? NeedsOperator => Viewer.IsOperator ? null : "Needs the role operator.";

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

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args) => _ = InvokeAsync(async () =>
    {
        if (DeadLetterState.Read(args.Location) == _state || !Navigation.IsAt(args.Location, Links.DeadLetters))
            return;
        ClearSelection();
        await LoadAsync();
        StateHasChanged();
    });

    private async Task LoadAsync()
    {
        (_failure, _new) = (null, 0);
        _state = DeadLetterState.Read(Navigation.Uri);
        try
        {
            _scope = Viewer.IsAdministrator && _state.Conditions.Tenant is { } name
                ? (await Tenants.FindAsync(name, _closed.Token))?.Id
                : Viewer.Scope;
            _live?.Dispose();
            _live = Live.Subscribe(_scope ?? Viewer.Scope, changes => InvokeAsync(() => ShowAsync(changes)));
            (_entries, _groups, _newer, _older) = (null, null, null, null);
            if (_scope is null && _state.Conditions.Tenant is not null)
                _entries = [];
            else if (_state.Groups)
                await LoadGroupsAsync();
            else
                await LoadListAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception;
        }
    }

    private async Task LoadGroupsAsync()
    {
        var (filter, cursor) = (_state.ToFilter(_scope), _state.Conditions.Before);
        Page<DeadLetterGroup> page;
        do
        {
            // Kinds of which nothing matches may fill a page.
            page = await GroupQueries.ListAsync(filter, cursor, PageSize, _closed.Token);
            cursor = page.NextCursor;
        }
        while (page.Items.Count == 0 && cursor is not null);
        _groups = page.Items;
        _newer = _state.Conditions.Before is null ? null : _state.At().ToUrl();
        _older = cursor is null ? null : _state.At(before: cursor).ToUrl();
    }

    private async Task LoadListAsync()
    {
        var filter = _state.ToFilter(_scope);
        if (_state.Conditions.After is { } after)
        {
            var newer = await DeadLetters.NewerAsync(filter, after, PageSize, _closed.Token);
            if (newer.NextCursor is not null)
            {
                _entries = [.. newer.Items];
                _newer = _state.At(after: newer.NextCursor).ToUrl();
                _older = _state.At(before: DeadLetterQueries.CursorOf(_entries[^1])).ToUrl();
                return;
            }

            _state = _state.At();
            Navigation.NavigateTo(_state.ToUrl(), replace: true);
        }

        var page = await DeadLetters.ListAsync(filter, _state.Conditions.Before, PageSize, _closed.Token, withPayloads: false);
        _entries = [.. page.Items];
        _newer = _state.Conditions.Before is null ? null
            : _state.At(after: _entries is [var first, ..] ? DeadLetterQueries.CursorOf(first) : null).ToUrl();
        _older = page.NextCursor is { } next ? _state.At(before: next).ToUrl() : null;
    }

    /// <summary>What was requeued or discarded elsewhere goes; what died meanwhile waits behind the pill.</summary>
    private async Task ShowAsync(LiveChanges changes)
    {
        if (_busy || _failure is not null)
            return;
        if (_groups is not null)
        {
            if (_paused)
                return;
            await LoadGroupsAsync();
        }
        else if (_entries is { Count: 0 } && !_paused)
        {
            await LoadListAsync();
        }
        else if (_entries is { Count: > 0 } entries)
        {
            if (_state.IsFirstPage)
                _new = await DeadLetters.CountAsync(_state.ToFilter(_scope), DeadLetterQueries.CursorOf(entries[0]), _closed.Token);
            var touched = entries.Where(entry => changes.Touches(entry.JobId)).Select(entry => entry.JobId).ToList();
            if (touched.Count > 0 && !_paused && _selection.Count == 0)
                await DropAsync(touched);
        }

        StateHasChanged();
    }

    private async Task DropAsync(List<JobId> touched)
    {
        var still = await DeadLetters.ListAsync(
            new DeadLetterFilter { Tenant = _scope, JobIds = touched }, null, PageSize, _closed.Token, withPayloads: false);
        var kept = still.Items.Select(entry => (entry.JobId, entry.DeadAt)).ToHashSet();
        _entries!.RemoveAll(entry => touched.Contains(entry.JobId) && !kept.Contains((entry.JobId, entry.DeadAt)));
        if (_entries.Count == 0)
            await LoadListAsync();
    }

    private void Search(JobListState conditions) => Navigation.NavigateTo((_state with { Conditions = conditions }).At().ToUrl());

    private void Go(string? url) => Navigation.NavigateTo(url!);

    private async Task<IReadOnlyList<string>> SuggestAsync(string name, string start)
    {
        IEnumerable<string> values = name switch
        {
            "reason" => Words.Reasons,
            "queue" => await Queues.NamesAsync(_scope, start, MaxSuggestions, _closed.Token),
            "type" => _entries?.Select(entry => entry.Type) ?? [],
            "tenant" => (await Tenants.ListAsync(_closed.Token)).Select(tenant => tenant.Name),
            _ => [],
        };
        return [.. values.Where(value => value.StartsWith(start, StringComparison.OrdinalIgnoreCase)).Distinct().Order().Take(MaxSuggestions)];
    }
}
