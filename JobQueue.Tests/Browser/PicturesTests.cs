using JobQueue.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JobQueue.Tests.Browser;

/// <summary>
/// Makes the README's pictures of a fresh demo. With JOBQUEUE_PICTURES set they are written to that folder
/// (<c>docs/pictures.sh</c>), else to a temporary one.
/// </summary>
public sealed class PicturesTests(Chromium chromium)
{
    private const int LeastBytes = 10_000;

    private static QueueAppOptions Demo { get; } = new()
    {
        Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true", ["Workers:ShutdownGraceSeconds"] = "0.1" },
        Sample = true,
    };

    [Fact]
    public async Task Pictures_of_the_demo_can_be_taken()
    {
        using var temporary = new TemporaryFolder();
        var folder = Environment.GetEnvironmentVariable("JOBQUEUE_PICTURES") is { Length: > 0 } wanted ? wanted : temporary.Path;
        await using var app = await QueueApp.StartAsync(Demo);
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var visit = await Visit.BeginAsync(chromium, app, new VisitOptions(Theme: theme));
            await visit.SignInAsync("admin");
            await TakeAsync(visit, "/dashboard", "overview");
            await TakeAsync(visit, "/dashboard/jobs", "jobs");
            await TakeAsync(visit, "/dashboard/dlq?view=groups", "dead-letters");
            await TakeAsync(visit, "/dashboard/submit", "submit");

            async Task TakeAsync(Visit visitor, string path, string name)
            {
                await visitor.GoAsync(path);
                await Expect(visitor.Page.GetByRole(AriaRole.Status, new PageGetByRoleOptions { Name = "Loading" })).ToHaveCountAsync(0);
                var picture = await visitor.Page.ScreenshotAsync(new PageScreenshotOptions
                {
                    Path = Path.Combine(folder, $"{name}-{(theme == ColorScheme.Dark ? "dark" : "light")}.png"),
                    Animations = ScreenshotAnimations.Disabled,
                });
                Assert.True(picture.Length > LeastBytes, $"{path} shows nothing.");
            }
        }
    }
}
