using JobQueue.Dashboard.Pages.JobList;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace JobQueue.Dashboard.Shared.Search;

/// <summary>Searches on Enter, and a moment after the last key; offers names and values while one types.</summary>
public sealed partial class SearchBox : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(350);

    private readonly CancellationTokenSource _closed = new();
    private string _typed = "";
    private string? _problem;
    private int _active = -1;
    private int _keystroke;
    private IReadOnlyList<string> _suggestions = [];

    [Parameter, EditorRequired]
    public JobListState State { get; set; } = null!;

    /// <summary>Answers the values that a name may have and that begin with a text.</summary>
    [Parameter, EditorRequired]
    public Func<string, string, Task<IReadOnlyList<string>>> Suggest { get; set; } = null!;

    [Parameter]
    public IEnumerable<string> Names { get; set; } = [];

    [Parameter]
    public string Placeholder { get; set; } = "queue:mail type:echo status:failed tag:vip, or any text";

    [Parameter]
    public EventCallback<JobListState> OnSearch { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override void OnInitialized() => _typed = State.Text ?? "";

    private async Task TypedAsync(ChangeEventArgs args)
    {
        _typed = args.Value as string ?? "";
        var keystroke = ++_keystroke;
        await OfferAsync();
        var closed = _closed.Token;
        await Task.Delay(Pause, Time, closed).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        // Only the last key searches, and only for free text: a condition may not be finished yet.
        if (keystroke == _keystroke && !closed.IsCancellationRequested && !SearchText.HasCondition(_typed))
            await SearchAsync();
    }

    private async Task KeyAsync(KeyboardEventArgs args)
    {
        switch (args.Key)
        {
            case "Enter" when _active >= 0:
                await TakeAsync(_suggestions[_active]);
                break;
            case "Enter":
                _keystroke++;
                await SearchAsync();
                break;
            case "Escape":
                Close();
                break;
            case "ArrowDown" when _suggestions.Count > 0:
                _active = (_active + 1) % _suggestions.Count;
                break;
            case "ArrowUp" when _suggestions.Count > 0:
                _active = (_active <= 0 ? _suggestions.Count : _active) - 1;
                break;
            case "Backspace" when _typed.Length == 0 && State.Conditions() is [.., var (name, _)]:
                await OnSearch.InvokeAsync(State.Without(name));
                break;
        }
    }

    private async Task OfferAsync()
    {
        _active = -1;
        var word = LastWord();
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (word.Length == 0)
            _suggestions = [];
        else if (colon < 0)
            _suggestions = [.. Names.Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(name => name + ":")];
        else if (Names.Contains(word[..colon]))
            _suggestions = [.. (await Suggest(word[..colon], word[(colon + 1)..])).Select(value => $"{word[..colon]}:{value}")];
        else
            _suggestions = [];
    }

    private async Task TakeAsync(string suggestion)
    {
        _keystroke++;
        _typed = _typed[..^LastWord().Length] + suggestion;
        if (suggestion.EndsWith(':'))
            await OfferAsync();
        else
            await SearchAsync();
    }

    private Task SearchAsync()
    {
        Close();
        var state = SearchText.Apply(State, _typed, out _problem);
        return _problem is null && state != State with { Before = null, After = null } ? OnSearch.InvokeAsync(state) : Task.CompletedTask;
    }

    private void Close() => (_suggestions, _active) = ([], -1);

    private Task CloseSoonAsync()
    {
        Close();
        return Task.CompletedTask;
    }

    private string LastWord() => _typed[(_typed.LastIndexOf(' ') + 1)..];
}
