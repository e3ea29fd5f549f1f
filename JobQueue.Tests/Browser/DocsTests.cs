using System.Net;
using JobQueue.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JobQueue.Tests.Browser;

/// <summary>The API's reference for people.</summary>
public sealed class DocsTests(Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Every_call_is_shown_without_a_token_and_without_a_word_to_another_origin(ColorScheme theme, int width)
    {
        await using var app = await QueueApp.StartAsync();
        await using var visit = await Visit.BeginAsync(chromium, app, new VisitOptions(width, theme));

        await visit.Page.GotoAsync("/docs");

        await Expect(visit.Heading.First).ToHaveTextAsync("JobQueue");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Submit a job", Exact = true }).First).ToBeVisibleAsync();
        await visit.Page.GotoAsync("/docs#tag/workers/POST/leases");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Lease jobs", Exact = true }).First).ToBeInViewportAsync();
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Fact]
    public async Task Its_scripts_run_by_a_nonce_that_is_good_for_one_answer()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();

        var policies = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var page = await client.GetAsync(new Uri("/docs/", UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
            Assert.Contains($"nonce=\"{nonce}\"", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            policies.Add(policy);
        }

        Assert.NotEqual(policies[0], policies[1]);
    }
}
