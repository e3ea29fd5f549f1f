using JobQueue.Access.Users;
using JobQueue.Dashboard.Actions;
using JobQueue.Dashboard.Live;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Explanations;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries;
using Microsoft.AspNetCore.Components;

namespace JobQueue.Dashboard.Pages.JobDetails;

/// <summary>One job: where it stands, what happened to it, and what can be done.</summary>
public sealed partial class JobPage : IDisposable
{
    /// <summary>More than this is for a log system, not for a page.</summary>
    private const int MaxLogLines = 2_000;

    /// <summary>A job that was requeued again and again has told each of its ends.</summary>
    private const int MaxDeliveries = 5;

    private readonly CancellationTokenSource _closed = new();

    /// <summary>A click and a notice may come at once; each reads on where the one before it ended.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private Job? _job;
    private JobId _id;
    private JobId _logsOf;
    private bool _loaded;
    private bool _busy;
    private Exception? _failure;
    private IReadOnlyList<JobAttempt> _attempts = [];
    private List<JobLogLine> _logs = [];
    private IReadOnlyList<JobId> _deliveries = [];
    private Explanation? _why;
    private LiveSubscription? _live;

    [Parameter]
    public string Id { get; set; } = "";

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    [CascadingParameter]
    private Viewer Viewer { get; set; } = null!;

    [Inject]
    private JobQueries Jobs { get; set; } = null!;

    [Inject]
    private CallbackQueries Callbacks { get; set; } = null!;

    [Inject]
    private ExplainQueries Explains { get; set; } = null!;

    [Inject]
    private JobCommands Commands { get; set; } = null!;

    [Inject]
    private Feedback Feedback { get; set; } = null!;

    [Inject]
    private LiveRefresh Live { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string? NeedsOperator => Viewer.IsOperator ? null : "Needs the role operator.";

    private string Shown => Tab is "attempts" or "logs" or "result" ? Tab : "payload";

    private IReadOnlyList<(string Key, string Name, int? Count)> TabItems =>
    [
        ("payload", "Payload", null),
        ("attempts", "Attempts", _attempts.Count),
        ("logs", "Logs", _logs.Count),
        ("result", "Result", null),
    ];

    public void Dispose()
    {
        _live?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded && Id == _id.ToString())
            return;
        _ = JobId.TryParse(Id, out _id);
        _live ??= Live.Subscribe(Viewer.Scope, changes => changes.Touches(_id) ? InvokeAsync(RefreshAsync) : Task.CompletedTask);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        await _turn.WaitAsync(_closed.Token);
        try
        {
            _failure = null;
            if (_logsOf != _id)
                (_logsOf, _logs) = (_id, []);
            _job = await Jobs.FindAsync(Viewer.Scope, _id, _closed.Token);
            if (_job is not null)
            {
                _attempts = await Jobs.AttemptsAsync(_job, _closed.Token);
                var log = await Jobs.LogsAsync(Viewer.Scope, _id, _logs.Count, MaxLogLines - _logs.Count, _closed.Token);
                _logs.AddRange(log?.Items ?? []);
                _deliveries = _job.Callback is null ? [] : await Callbacks.DeliveriesAsync(_id, MaxDeliveries, _closed.Token);
                _why = _job.Status is JobStatus.Done ? null : await Explains.ExplainAsync(_job, _closed.Token);
            }

            _loaded = true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private void ShowTab(string tab) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameter("tab", tab == "payload" ? null : tab), replace: true);

    private Task CancelAsync() => GiveAsync(() => Commands.CancelAsync(Viewer, _id, _closed.Token), "The job was cancelled.");

    private Task RetryAsync() => GiveAsync(() => Commands.RetryAsync(Viewer, _id, _closed.Token), "The job will run again.");

    private Task RequeueAsync() => GiveAsync(() => Commands.RequeueAsync(Viewer, _id, null, _closed.Token), "The job is back in its queue.");

    private async Task GiveAsync(Func<Task<ControlResult?>> command, string success)
    {
        if (_busy)
            return;
        _busy = true;
        await Feedback.RunAsync(command, success);
        await LoadAsync();
        _busy = false;
    }
}
