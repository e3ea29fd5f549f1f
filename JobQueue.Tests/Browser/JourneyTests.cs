using System.Net;
using System.Text.RegularExpressions;
using JobQueue.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JobQueue.Tests.Browser;

/// <summary>What people do from end to end, through the real server in a real browser.</summary>
public sealed partial class JourneyTests(Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static QueueAppOptions Demo { get; } =
        new() { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true", ["Tenants:DefaultMaxNewPerMinute"] = "" } };

    [Fact]
    public async Task Person_submits_a_job_and_watches_it_until_it_is_done()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/submit");

        await visit.Page.GetByLabel("Type").FillAsync("sleep");
        await visit.Page.GetByLabel("Payload").FillAsync("""{"seconds": 2, "steps": 4}""");
        await visit.Button("Submit job").ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(JobAddress());
        await Expect(visit.Status).ToHaveTextAsync("running");
        await Expect(visit.Page.GetByRole(AriaRole.Progressbar, new PageGetByRoleOptions { Name = "Progress" })).ToBeVisibleAsync();
        await Expect(visit.Status).ToHaveTextAsync("done");
        await Expect(visit.Page.GetByText("user:operator").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Person_sees_what_a_type_takes_and_that_a_payload_does_not_fit_before_submitting()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/submit");

        await visit.Button("sleep").ClickAsync();
        await Expect(visit.Page.GetByLabel("Payload")).ToHaveValueAsync("""{"seconds":5,"steps":10}""");
        await visit.Page.GetByText("What its payload holds").ClickAsync();
        await Expect(visit.Page.GetByText("\"How long; fractions count.\"")).ToBeVisibleAsync();
        await visit.Page.GetByLabel("Payload").FillAsync("""{"seconds": "two"}""");

        await Expect(visit.Page.GetByText("The job would fail at once: payload.seconds must be a number, not text.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Dead_letter_is_requeued_and_done()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await FailAsync(app, """{"message": "the lamp is out", "times": 1}""");
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/dlq");

        await Expect(visit.Page.GetByText("the lamp is out")).ToBeVisibleAsync();
        await visit.Button("Requeue").ClickAsync();
        await visit.Button("Show the job").ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(JobAddress());
        await Expect(visit.Status).ToHaveTextAsync("done");
        await visit.GoAsync("/dashboard/dlq");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "No dead letters" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Payload_is_mended_after_the_difference_was_shown()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await FailAsync(app, """{"message": "wrong template", "permanent": true}""");
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/dlq");

        await visit.Button("Edit and requeue").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Payload").FillAsync("""{"message": "wrong template", "permanent": tru}""");
        await Expect(dialog.GetByText("line 1, column 44").First).ToBeVisibleAsync();
        await dialog.GetByLabel("Payload").FillAsync("""{"message": "wrong template", "times": 0}""");
        await Expect(dialog.GetByRole(AriaRole.Cell, new LocatorGetByRoleOptions { Name = "permanent" })).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Cell, new LocatorGetByRoleOptions { Name = "times" })).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Cell, new LocatorGetByRoleOptions { Name = "message" })).ToHaveCountAsync(0);
        await visit.DialogButton("Requeue with this payload").ClickAsync();
        await visit.Button("Show the job").ClickAsync();

        await Expect(visit.Status).ToHaveTextAsync("done");
        await Expect(visit.Page.GetByText("As first submitted")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task All_dead_letters_that_match_are_discarded_after_their_count_was_shown()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        for (var i = 0; i < 3; i++)
            await FailAsync(app, """{"permanent": true}""");
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/dlq");

        await visit.Page.GetByLabel("Select all dead letters on this page").CheckAsync();
        await visit.Button("Discard selected").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Discard 3 dead letters?");
        await Expect(visit.DialogButton("Cancel")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(visit.Page.GetByText("3 selected")).ToBeVisibleAsync();
        await visit.Button("Discard selected").ClickAsync();
        await visit.DialogButton("Discard").ClickAsync();

        await Expect(visit.Page.GetByText("3 dead letters discarded.")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "No dead letters" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task New_jobs_wait_behind_a_pill_and_rows_change_in_place()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator");
        await SubmitAsync(app, """{"type": "sleep", "payload": {"seconds": 6}}""");
        await visit.GoAsync("/dashboard/jobs");
        await Expect(visit.Status).ToHaveTextAsync("running");

        await SubmitAsync(app, """{"payload": 1}""");
        await SubmitAsync(app, """{"payload": 2}""");

        await Expect(visit.Button("2 new")).ToBeVisibleAsync();
        await Expect(visit.Status).ToHaveTextAsync("done");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.Button("2 new").ClickAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Search_becomes_chips_and_an_address_that_shows_the_same()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await SubmitAsync(app, """{"queue": "mail", "tags": ["vip"], "payload": 1}""");
        await SubmitAsync(app, """{"queue": "other", "payload": 2}""");
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/jobs");

        await visit.Page.GetByLabel("Search").FillAsync("queue:mail tag:vip");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"/dashboard/jobs\?queue=mail&tag=vip$"));
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.Button("Remove queue:mail").ClickAsync();
        await Expect(visit.Button("Remove queue:mail")).ToHaveCountAsync(0);
        await visit.Button("Remove tag:vip").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("/dashboard/jobs$"));
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Payload_of_300_kilobytes_is_submitted_and_kept_digit_for_digit()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/submit");
        var payload = $$"""{"id": 9007199254740993, "text": "{{new string('x', 300 * 1024)}}"}""";

        await visit.Page.GetByLabel("Payload").FillAsync(payload);
        await visit.Button("Submit job").ClickAsync();

        await Expect(visit.Status).ToHaveTextAsync("done");
        await Expect(visit.Page.GetByText("9007199254740993")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Button_that_moves_away_while_it_is_pressed_is_pressed_all_the_same()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("member", "/dashboard/submit");
        await visit.Page.GetByLabel("Type").FillAsync("not a type");
        await visit.Button("Submit job").ClickAsync();
        var complaint = visit.Page.Locator(".submit-form .mud-input-error.mud-input-helper-text");
        await Expect(complaint).ToHaveCountAsync(1);

        // The field is left when the button goes down: its complaint vanishes, and everything below moves up.
        await visit.Page.GetByLabel("Type").FillAsync("echo");
        var before = await PressAsync(visit, "Submit job");
        await Expect(complaint).ToHaveCountAsync(0);
        Assert.NotEqual(before, (await visit.Button("Submit job").BoundingBoxAsync())!.Y);
        await visit.Page.Mouse.UpAsync();
        await Expect(visit.Page).ToHaveURLAsync(JobAddress());

        // Moving off a button before letting go is how a press is taken back.
        await visit.GoAsync("/dashboard/submit");
        await PressAsync(visit, "Submit job");
        await visit.Page.Mouse.MoveAsync(700, 30);
        await visit.Page.Mouse.UpAsync();
        await visit.Button("Submit job").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(JobAddress());
        await visit.GoAsync("/dashboard/jobs");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Page_comes_back_where_it_was_after_the_server_restarted()
    {
        await using var app = await QueueApp.StartAsync(Demo with
        {
            Settings = Demo.Settings.Append(new("urls", FreeAddress())).ToDictionary(),
        });
        await SubmitAsync(app, """{"queue": "mail", "payload": 1}""");
        await using var visit = await Visit.BeginAsync(chromium, app);
        visit.Forgives = true;
        await visit.SignInAsync("operator", "/dashboard/jobs?queue=mail");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);

        await visit.Page.EvaluateAsync("() => { window.before = true; }");

        await app.RestartAsync();

        await visit.Page.WaitForFunctionAsync("() => !window.before && 'ready' in document.documentElement.dataset");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"/dashboard/jobs\?queue=mail$"));
        await SubmitAsync(app, """{"queue": "mail", "payload": 2}""");
        await Expect(visit.Button("1 new")).ToBeVisibleAsync();
    }

    [GeneratedRegex("/dashboard/jobs/[0-9a-f-]{36}$")]
    private static partial Regex JobAddress();

    private static string FreeAddress()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    /// <summary>Puts the mouse button down on a button of the page, and answers where that was.</summary>
    private static async Task<float> PressAsync(Visit visit, string button)
    {
        var box = (await visit.Button(button).BoundingBoxAsync())!;
        await visit.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + box.Height - 3);
        await visit.Page.Mouse.DownAsync();
        return box.Y;
    }

    private static async Task SubmitAsync(QueueApp app, string job)
    {
        using var client = await app.ClientAsync("acme", "jobs:submit", "jobs:read");
        using var body = new StringContent(job, System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/jobs", body, Cancellation)).StatusCode);
    }

    /// <summary>Makes a dead letter.</summary>
    private static async Task FailAsync(QueueApp app, string payload)
    {
        using var client = await app.ClientAsync("acme", "jobs:submit", "jobs:read");
        var before = await CountAsync();
        await SubmitAsync(app, $$"""{"type": "fail", "max_retries": 0, "payload": {{payload}}}""");
        await Eventually.True(async () => await CountAsync() == before + 1, "the job is dead");

        async Task<int> CountAsync() => System.Text.Json.Nodes.JsonNode.Parse(
            await client.GetStringAsync("/dlq", Cancellation))!["items"]!.AsArray().Count;
    }
}
