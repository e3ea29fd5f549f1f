using JobQueue.Access.Users;
using JobQueue.Dashboard.Live;
using JobQueue.Dashboard.Pages.JobList;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using Microsoft.AspNetCore.Components;

namespace JobQueue.Dashboard.Pages.Overview;

/// <summary>How the queue does at a glance, and what needs a person.</summary>
public sealed partial class OverviewPage : IDisposable
{
    /// <summary>Rates fall while nothing happens, so the page also looks by itself.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

    /// <summary>Charts and what needs attention cost more than counters, and change slowly.</summary>
    private static readonly TimeSpan SlowInterval = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _closed = new();
    private StatsSnapshot? _stats;
    private IReadOnlyList<AttentionItem> _attention = [];
    private IReadOnlyList<DateTimeOffset> _times = [];
    private IReadOnlyList<ChartLine> _throughput = [];
    private IReadOnlyList<ChartLine> _latency = [];
    private Exception? _failure;
    private LiveSubscription? _live;
    private ITimer? _glances;
    private string? _charted;
    private long _slowAt;
    private bool _empty;
    private bool _paused;

    [SupplyParameterFromQuery]
    private string? Range { get; set; }

    [CascadingParameter]
    private Viewer Viewer { get; set; } = null!;

    [Inject]
    private LiveStats Stats { get; set; } = null!;

    [Inject]
    private StatsQueries Queries { get; set; } = null!;

    [Inject]
    private QueueQueries Queues { get; set; } = null!;

    [Inject]
    private JobQueries Jobs { get; set; } = null!;

    [Inject]
    private DeadLetterGroupQueries Groups { get; set; } = null!;

    [Inject]
    private IWorkers Workers { get; set; } = null!;

    [Inject]
    private IJobBoard Board { get; set; } = null!;

    [Inject]
    private LiveRefresh Live { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private ChartRange Shown => ChartRange.Read(Range);

    public void Dispose()
    {
        _live?.Dispose();
        _glances?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override void OnInitialized()
    {
        _live = Live.Subscribe(Viewer.Scope, _ => RefreshAsync());
        _glances = Time.CreateTimer(_ => _ = RefreshAsync(), null, Glance, Glance);
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_charted != Shown.Key)
            await LoadAsync();
    }

    private static List<double> Trend(IReadOnlyList<MinuteCounts> hour, Func<MinuteCounts, double> of) => [.. hour.Select(of)];

    private static double FailureRate(IReadOnlyList<MinuteCounts> hour)
    {
        var (failed, ended) = (hour.Sum(minute => minute.Failed), hour.Sum(minute => minute.Failed + minute.Done));
        return ended == 0 ? 0 : (double)failed / ended;
    }

    /// <summary>Without parts of a second: they would change with every look.</summary>
    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Floor(span.TotalSeconds));

    private static string List(JobStatus status) => new JobListState { Status = status }.ToUrl();

    private static string RangeUrl(ChartRange range) => range == ChartRange.All[0] ? Links.Home : $"{Links.Home}?range={range.Key}";

    private Task RefreshAsync() => InvokeAsync(async () =>
    {
        if (_paused || _closed.IsCancellationRequested)
            return;
        await LoadAsync();
        StateHasChanged();
    });

    private async Task SetPausedAsync(bool paused)
    {
        _paused = paused;
        if (!paused)
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            _stats = await Stats.GetAsync(Viewer.Scope);
            var counts = _stats.Counts;
            _empty = counts is { Pending: 0, Running: 0, Done: 0, Failed: 0 } && !await Jobs.AnyAsync(Viewer.Scope, _closed.Token);
            if (_charted != Shown.Key || Time.GetElapsedTime(_slowAt) >= SlowInterval)
                await LoadSlowAsync(_stats);
            _failure = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception;
        }
    }

    private async Task LoadSlowAsync(StatsSnapshot stats)
    {
        (_charted, _slowAt) = (Shown.Key, Time.GetTimestamp());
        var minutes = Shown.Minutes <= stats.Hour.Count ? stats.Hour : await Queries.MinutesAsync(Viewer.Scope, Shown.Minutes, _closed.Token);
        var buckets = Buckets.Of(minutes, Shown.PerBucket);
        _times = [.. buckets.Select(bucket => bucket.From)];
        _throughput =
        [
            new ChartLine("done", "done", [.. buckets.Select(bucket => (double?)bucket.Done)]),
            new ChartLine("failed", "failed", [.. buckets.Select(bucket => (double?)bucket.Failed)]),
        ];
        _latency =
        [
            new ChartLine("mean wait", "wait", [.. buckets.Select(bucket => bucket.MeanWait?.TotalSeconds)]),
            new ChartLine("mean run", "run", [.. buckets.Select(bucket => bucket.MeanRun?.TotalSeconds)]),
        ];
        var waiting = await Queries.WaitingAsync(Viewer.Scope, _closed.Token);
        var holdups = await Board.HoldupsAsync([.. waiting.Select(each => each.TenantId).Distinct()], _closed.Token);
        _attention = Attention.Of(new AttentionFacts
        {
            Paused = await Queues.PausedAsync(Viewer.Scope, AttentionFacts.MaxPaused, _closed.Token),
            Waiting = waiting,
            Workers = await Workers.PresentAsync(_closed.Token),
            Silent = Viewer.IsAdministrator ? [.. (await Workers.AllAsync(_closed.Token)).Where(worker => worker.Silent)] : [],
            Groups = stats.Counts.DeadLettered == 0 ? []
                : (await Groups.ListAsync(new DeadLetterFilter { Tenant = Viewer.Scope }, null, AttentionFacts.MaxGroups, _closed.Token)).Items,
            Hour = stats.Hour,
            Down = await Board.TargetsDownAsync(Viewer.Scope, _closed.Token),
            AtLimit = each => holdups.Of(each.TenantId, each.Queue, null).AtTenantLimit,
            ManyTenants = Viewer.IsAdministrator,
        });
    }
}
