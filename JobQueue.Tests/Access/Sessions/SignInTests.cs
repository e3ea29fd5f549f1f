using System.Net;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Access.Sessions;

/// <summary>What who guesses, and who is guessed at, meets at the door.</summary>
public sealed class SignInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A demo behind a proxy, where time stands still: what is waited for does not pass by itself.</summary>
    private static QueueAppOptions Demo { get; } = new()
    {
        Time = TestClock.AtNoon(),
        Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true", ["Proxy:KnownNetworks:0"] = "127.0.0.0/8" },
    };

    [Fact]
    public async Task Guesses_sent_at_once_are_counted_before_any_is_looked_at()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        using var client = app.Client();
        var door = await Door.OpenAsync(client);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(guess => door.SignInAsync("operator", $"guess {guess}")));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(7, refused.Count);
        Assert.All(refused, answer => Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60));
        Assert.Contains("Too many failed attempts", await refused[0].Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var right = await door.SignInAsync("operator", "operator-demo");
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
    }

    [Fact]
    public async Task Account_stays_open_to_its_owner_whatever_a_stranger_elsewhere_tries()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        using var client = app.Client();
        var door = await Door.OpenAsync(client);
        for (var guess = 0; guess < 7; guess++)
            (await door.SignInAsync("operator", $"guess {guess}", from: "203.0.113.9")).Dispose();

        using var owner = await door.SignInAsync("operator", "operator-demo", from: "203.0.113.10");
        using var stranger = await door.SignInAsync("operator", "operator-demo", from: "203.0.113.9");

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.TooManyRequests), (owner.StatusCode, stranger.StatusCode));
    }
}
