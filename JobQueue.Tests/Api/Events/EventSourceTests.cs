using System.Text.Json.Nodes;
using JobQueue.Access;
using JobQueue.Handlers;
using JobQueue.Tests.Clients;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Api.Events;

/// <summary>What a standard client of server-sent events lives through.</summary>
public sealed class EventSourceTests(ClientPackages packages)
{
    private const string Script = """
        import { EventSource } from 'eventsource';
        const names = ['submitted', 'started', 'done', 'reset'];
        const headers = { Authorization: `Bearer ${process.env.TOKEN}` };
        const source = new EventSource(process.env.URL, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }) });
        const say = line => console.log(JSON.stringify(line));
        setInterval(() => {}, 1_000); // its timer alone would not keep the process from ending
        source.onopen = () => say({ name: 'open' });
        source.onerror = error => { if (source.readyState === EventSource.CLOSED) say({ name: 'dead', code: error.code }); };
        for (const name of names)
          source.addEventListener(name, event => say({ name, data: JSON.parse(event.data) }));
        """;

    [Fact]
    public async Task Event_source_lives_through_ten_deploys_without_a_gap_it_is_not_told_of()
    {
        const int Deploys = 10;
        var node = ScriptProcess.Find("node", "node is missing: apt-get install nodejs npm");
        using var folder = await packages.FolderAsync();
        var script = Path.Combine(folder.Path, "follow.mjs");
        await File.WriteAllTextAsync(script, Script, TestContext.Current.CancellationToken);
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string>
            {
                // The client comes back to where it was.
                ["urls"] = $"http://127.0.0.1:{FreePort.Any()}",
                ["Events:RestartSeconds"] = "1",
                ["Tenants:DefaultMaxNewPerMinute"] = "",
            },
            Services = services => services.AddJobHandler<SteeredHandler>(),
        });
        await using var client = ScriptProcess.Start(
            node, [script], ("URL", $"{app.Address}events"), ("TOKEN", await app.TokenAsync("acme", Scopes.JobsRead)));
        await NextAsync(client, "open");

        for (var deploy = 0; deploy < Deploys; deploy++)
        {
            using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
            // In the first round nothing was told before the stream ends.
            if (deploy > 0)
            {
                var id = (await acme.SubmitAsync("""{"type":"steered","payload":{}}""")).Id;
                Assert.Equal(id, (await NextAsync(client, "submitted"))["data"]!["id"]!.GetValue<string>());
                await NextAsync(client, "started");
                var run = await app.Services.GetRequiredService<SteeredHandler>().NextAsync();
                var restarting = app.RestartAsync();
                run.Return("1");
                Assert.Equal(id, (await NextAsync(client, "done"))["data"]!["id"]!.GetValue<string>());
                await restarting;
            }
            else
            {
                await app.RestartAsync();
            }

            await NextAsync(client, "open");
            await NextAsync(client, "reset");
        }
    }

    /// <summary>The next thing the client says, which must be this.</summary>
    private static async Task<JsonObject> NextAsync(ScriptProcess client, string name)
    {
        var line = await client.NextLineAsync();
        var said = JsonNode.Parse(line)!.AsObject();
        Assert.True(said["name"]!.GetValue<string>() == name, $"{name} was to come, and it was {line}");
        return said;
    }
}
