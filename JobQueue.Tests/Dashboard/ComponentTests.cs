using System.Text;
using Bunit;
using JobQueue.Dashboard.Pages.JobDetails;
using JobQueue.Dashboard.Pages.JobList;
using JobQueue.Dashboard.Shared;
using JobQueue.Dashboard.Shared.Json;
using JobQueue.Dashboard.Shared.Search;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace JobQueue.Tests.Dashboard;

/// <summary>Single components, by what they draw.</summary>
public sealed class ComponentTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly FakeTimeProvider _time = new();

    public ComponentTests()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddSingleton<TimeProvider>(_time);
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Fact]
    public void Json_is_shown_as_it_was_spelt()
    {
        const string json = """{"id": 9007199254740993, "tiny": 1e-400, "price": 2.50, "text": "\u0000 <b>", "list": [], "n": null}""";

        var view = _context.Render<JsonView>(parameters => parameters.Add(component => component.Json, Encoding.UTF8.GetBytes(json)));

        Assert.Equal(["9007199254740993", "1e-400", "2.50"], view.FindAll(".json-number").Select(element => element.TextContent));
        Assert.Equal("\"\\u0000 <b>\"", view.Find(".json-string").TextContent);
        Assert.Contains("0 items", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_with_very_many_values_is_shown_as_text()
    {
        var json = $"[{string.Join(',', Enumerable.Range(0, 5_000))}]";

        var view = _context.Render<JsonView>(parameters => parameters.Add(component => component.Json, Encoding.UTF8.GetBytes(json)));

        Assert.Empty(view.FindAll("details"));
        Assert.StartsWith("[0,1,2", view.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_is_an_icon_a_word_and_a_name()
    {
        var badge = _context.Render<StatusBadge>(parameters => parameters.Add(component => component.Status, JobStatus.Failed));

        var element = badge.Find("[aria-label=Status]");
        Assert.Equal("failed", element.TextContent.Trim());
        Assert.NotNull(element.QuerySelector("svg"));
    }

    [Fact]
    public void Row_is_drawn_again_only_when_what_it_shows_changed()
    {
        var job = Job();
        var row = _context.Render<JobTableRow>(parameters => parameters.Add(component => component.Job, job));
        var drawn = row.RenderCount;

        row.Render(parameters => parameters.Add(component => component.Job, job with { LeaseExpiresAt = _time.GetUtcNow() }));
        Assert.Equal(drawn, row.RenderCount);

        row.Render(parameters => parameters.Add(component => component.Job, job with { Status = JobStatus.Done, WaitingFor = null }));
        Assert.True(row.RenderCount > drawn);
        Assert.Equal("done", row.Find("[aria-label=Status]").TextContent.Trim());
    }

    [Fact]
    public void Search_box_offers_names_then_values_and_searches_on_enter()
    {
        JobListState? searched = null;
        var box = _context.Render<SearchBox>(parameters => parameters
            .Add(component => component.State, new JobListState())
            .Add(component => component.Names, SearchText.Names)
            .Add(component => component.Suggest, (_, start) => Task.FromResult<IReadOnlyList<string>>(start == "m" ? ["mail", "media"] : []))
            .Add(component => component.OnSearch, state => searched = state));
        var input = box.Find("input");

        input.Input("qu");
        Assert.Equal(["queue:"], box.FindAll("[role=option]").Select(option => option.TextContent));
        input.Input("queue:m");
        Assert.Equal(["queue:mail", "queue:media"], box.FindAll("[role=option]").Select(option => option.TextContent));
        input.KeyDown(new KeyboardEventArgs { Key = "ArrowDown" });
        input.KeyDown(new KeyboardEventArgs { Key = "ArrowDown" });
        input.KeyDown(new KeyboardEventArgs { Key = "Enter" });

        Assert.Equal(new JobListState { Queue = "media" }, searched);
    }

    [Fact]
    public void Free_text_searches_after_a_pause_and_backspace_takes_the_last_condition()
    {
        JobListState? searched = null;
        var box = _context.Render<SearchBox>(parameters => parameters
            .Add(component => component.State, new JobListState { Queue = "mail", Tag = "vip" })
            .Add(component => component.Suggest, (_, _) => Task.FromResult<IReadOnlyList<string>>([]))
            .Add(component => component.OnSearch, state => searched = state));

        box.Find("input").KeyDown(new KeyboardEventArgs { Key = "Backspace" });
        Assert.Equal(new JobListState { Queue = "mail" }, searched);
        box.Find("input").Input("time");
        box.Find("input").Input("timeout");
        _time.Advance(TimeSpan.FromSeconds(1));

        box.WaitForAssertion(() => Assert.Equal("timeout", searched?.Text));
    }

    private static Job Job() => new()
    {
        Id = JobId.FirstOf(1),
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = "default",
        Type = "echo",
        Status = JobStatus.Pending,
        WaitingFor = WaitingFor.Worker,
        Payload = ReadOnlyMemory<byte>.Empty,
        Trace = TraceParent.CreateNew(),
        SubmittedBy = "user:ada",
    };
}
