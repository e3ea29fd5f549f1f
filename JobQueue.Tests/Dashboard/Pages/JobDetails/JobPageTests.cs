using System.Data.Common;
using Bunit;
using JobQueue.Access.Users;
using JobQueue.Dashboard.Actions;
using JobQueue.Dashboard.Live;
using JobQueue.Dashboard.Pages.JobDetails;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Sqlite;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace JobQueue.Tests.Dashboard.Pages.JobDetails;

public sealed class JobPageTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly HeldReads _reads = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Fact]
    public async Task Log_line_is_shown_once_though_a_click_and_a_notice_come_at_once()
    {
        await using var app = await StartAsync();
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await acme.SubmitAsync();
        var lease = await acme.LeaseAsync();
        await acme.BeatAsync(lease, """{"log":"first"}""");
        var page = await RenderAsync(app, lease.JobId, "?tab=logs");
        Assert.Equal(["first"], LinesOf(page));

        _reads.Hold("job_logs");
        await acme.BeatAsync(lease, """{"log":"second","progress":{"percent":10}}""");
        await _reads.Arrived.WaitAsync(Cancellation);
        await page.InvokeAsync(() => page.Find(".button-danger").Click());
        await Eventually.True(() => _context.Services.GetRequiredService<ISnackbar>().ShownSnackbars.Any(), "the command was given");
        await page.InvokeAsync(static () => { });
        _reads.Release();
        await acme.BeatAsync(lease, """{"log":"third","progress":{"percent":20}}""");

        await Eventually.True(() => LinesOf(page).Contains("third"), "the last line is shown");
        Assert.Equal(["first", "second", "third"], LinesOf(page));
    }

    [Fact]
    public async Task Page_reads_the_payload_once()
    {
        await using var app = await StartAsync();
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var id = (await acme.SubmitAsync("""{"payload":"large"}""")).Id;

        await RenderAsync(app, id);

        Assert.Equal(1, _reads.OfPayloads);
    }

    [Fact]
    public async Task Job_and_the_job_that_tells_of_its_end_lead_to_each_other()
    {
        await using var app = await StartAsync();
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var id = (await acme.SubmitAsync("""{"payload":1,"callback":{"url":"https://example.com/hook","on":"done"}}""")).Id;
        await acme.AckAsync(await acme.LeaseAsync());
        var delivery = (string)(await acme.GetApiAsync("/jobs?queue=callbacks")).Items.Single()["id"]!;

        var page = await RenderAsync(app, id);
        Assert.Contains("https://example.com/hook", page.Markup, StringComparison.Ordinal);
        Assert.Equal(delivery, page.Find($"a[href='dashboard/jobs/{delivery}']").TextContent);
        page.Render(parameters => parameters.Add(shown => shown.Id, delivery));
        await Eventually.True(() => page.FindAll($"a[href='dashboard/jobs/{id}']").Count == 1, "the way back is shown");
    }

    private static IReadOnlyList<string> LinesOf(IRenderedComponent<JobPage> page) =>
        [.. page.FindAll(".log-line span:last-child").Select(line => line.TextContent)];

    private Task<QueueApp> StartAsync() => QueueApp.StartAsync(new QueueAppOptions
    {
        Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" },
        Services = services => services.ConfigureDbContext<SqliteDb>(options => options.AddInterceptors(_reads)),
    });

    private async Task<IRenderedComponent<JobPage>> RenderAsync(QueueApp app, string id, string query = "")
    {
        var viewer = Viewer.From((await app.Services.GetRequiredService<IAccounts>().CreateAsync(
            new NewUser("ada", "correct horse", Roles.Operator, "acme", Demo: false), Some.Actor(), Cancellation))!);
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddSingleton(TimeProvider.System);
        _context.Services.AddScoped<Feedback>();
        _context.Services.AddSingleton(app.Services.GetRequiredService<JobQueries>());
        _context.Services.AddSingleton(app.Services.GetRequiredService<CallbackQueries>());
        _context.Services.AddSingleton(app.Services.GetRequiredService<ExplainQueries>());
        _context.Services.AddSingleton(app.Services.GetRequiredService<JobCommands>());
        _context.Services.AddSingleton(app.Services.GetRequiredService<LiveRefresh>());
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(query);
        return _context.Render<JobPage>(parameters => parameters.AddCascadingValue(viewer).Add(page => page.Id, id));
    }

    /// <summary>Holds up reads of a table, as a database on another machine does, and counts those of payloads.</summary>
    private sealed class HeldReads : DbCommandInterceptor
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile string? _table;
        private int _ofPayloads;

        public Task Arrived => _arrived.Task;

        public int OfPayloads => _ofPayloads;

        public void Hold(string table) => _table = table;

        public void Release() => _released.SetResult();

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("\"payload\"", StringComparison.Ordinal))
                Interlocked.Increment(ref _ofPayloads);
            if (_table is { } table && command.CommandText.Contains(table, StringComparison.Ordinal))
            {
                _arrived.TrySetResult();
                await _released.Task;
            }

            return result;
        }
    }
}
