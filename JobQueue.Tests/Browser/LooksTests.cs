using System.Net;
using System.Text;
using JobQueue.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JobQueue.Tests.Browser;

/// <summary>Every page in both themes, wide and on a phone: readable for everybody, nothing sticks out.</summary>
public sealed class LooksTests(Chromium chromium)
{
    private const int Phone = 390;
    private const int Desktop = 1440;

    private static readonly string AxeScript = Path.Combine(AppContext.BaseDirectory, "Browser", "axe", "axe.min.js");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static QueueAppOptions Demo { get; } = new() { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true", ["Workers:ShutdownGraceSeconds"] = "0.1" } };

    [Theory]
    [InlineData(ColorScheme.Light, Desktop)]
    [InlineData(ColorScheme.Light, Phone)]
    [InlineData(ColorScheme.Dark, Desktop)]
    [InlineData(ColorScheme.Dark, Phone)]
    public async Task Pages_are_accessible_and_fit_the_screen(ColorScheme theme, int width)
    {
        await using var app = await QueueApp.StartAsync(Demo);
        var failed = await FillAsync(app, "unlimited");
        await using var visit = await Visit.BeginAsync(chromium, app, new VisitOptions(width, theme));
        List<string> complaints = [];
        await visit.Page.GotoAsync("/login");
        await CheckAsync(visit, "/login", width, complaints);
        await visit.SignInAsync("admin");

        foreach (var path in new[]
        {
            "/dashboard", "/dashboard/jobs", "/dashboard/jobs?queue=nowhere", $"/dashboard/jobs/{failed}",
            $"/dashboard/jobs/{failed}?tab=attempts", "/dashboard/submit", "/dashboard/dlq", "/dashboard/dlq?view=groups",
            "/dashboard/jobs/00000000-0000-0000-0000-000000000000", "/dashboard/nowhere",
        })
        {
            await visit.GoAsync(path);
            await Expect(visit.Page.GetByRole(AriaRole.Status, new PageGetByRoleOptions { Name = "Loading" })).ToHaveCountAsync(0);
            await CheckAsync(visit, path, width, complaints);
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Dialog_and_menus_are_accessible()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await FillAsync(app, "acme");
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator", "/dashboard/dlq");
        List<string> complaints = [];

        await visit.Button("Discard").First.ClickAsync();
        await Expect(visit.DialogButton("Cancel")).ToBeFocusedAsync();
        await CheckAsync(visit, "dialog", Desktop, complaints);
        await visit.DialogButton("Cancel").ClickAsync();
        await visit.Button("Edit and requeue").First.ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog).GetByLabel("Payload")).ToBeVisibleAsync();
        await CheckAsync(visit, "edit dialog", Desktop, complaints);

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Chosen_theme_is_remembered_and_there_before_the_first_paint()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");

        await visit.Button("Theme").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = "Dark" }).ClickAsync();
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await visit.Page.GotoAsync("/dashboard/jobs", new PageGotoOptions { WaitUntil = WaitUntilState.Commit });

        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        var background = await visit.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).backgroundColor");
        Assert.Equal("rgb(15, 20, 26)", background);
        await Expect(visit.Heading).ToHaveTextAsync("Jobs");
    }

    private static async Task CheckAsync(Visit visit, string path, int width, List<string> complaints)
    {
        if (await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") is var wide && wide > width)
            complaints.Add($"{path} scrolls sideways: {wide} px");
        if (await visit.Heading.CountAsync() is var headings && headings != 1)
            complaints.Add($"{path} has {headings} h1");
        // Evaluated by the driver, not added to the page, whose policy would refuse it.
        await visit.Page.EvaluateAsync(await File.ReadAllTextAsync(AxeScript, Cancellation));
        var violations = await visit.Page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run({ resultTypes: ['violations'] })).violations
                .filter(violation => ['serious', 'critical'].includes(violation.impact))
                .map(violation => `${violation.id}: ${violation.nodes.slice(0, 3).map(node => node.html).join(' | ')}`)
            """);
        complaints.AddRange(violations.Select(violation => $"{path}: {violation}"));
    }

    /// <summary>Some jobs of every kind. Answers the id of one that failed.</summary>
    private static async Task<string> FillAsync(QueueApp app, string tenant)
    {
        using var client = await app.ClientAsync(tenant, "jobs:submit", "jobs:read");
        using var body = new StringContent(
            """
            {"jobs": [
                {"payload": {"id": 9007199254740993}, "tags": ["vip"]},
                {"type": "sleep", "payload": {"seconds": 60, "steps": 10}},
                {"payload": 1, "delay_seconds": 600},
                {"type": "nobody.runs.this", "payload": null, "queue": "a-queue-with-a-rather-long-name-that-still-has-to-fit-somewhere"},
                {"type": "fail", "max_retries": 0, "payload": {"message": "SMTP server mail.example.com answered 451: greylisted, try again later"}}
            ]}
            """,
            Encoding.UTF8,
            "application/json");
        var answer = await client.PostAsync("/jobs/batch", body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        string? failed = null;
        await Eventually.True(
            async () =>
            {
                var entries = System.Text.Json.Nodes.JsonNode.Parse(await client.GetStringAsync("/dlq", Cancellation))!["items"]!.AsArray();
                failed = entries.Count == 0 ? null : entries[0]!["job_id"]!.GetValue<string>();
                return failed is not null;
            },
            "a job is dead");
        return failed!;
    }
}
