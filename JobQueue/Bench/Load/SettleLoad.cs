using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace JobQueue.Bench.Load;

/// <summary>Workers that end what they hold and lease the next jobs in the same call, over and over, until there are none.</summary>
internal sealed class SettleLoad(BenchServer server)
{
    /// <returns>How many jobs were done, and how long that took.</returns>
    public async Task<(int Jobs, TimeSpan Elapsed)> RunAsync(int connections, int each, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        var address = new Uri($"http://{server.Address}/leases/settle");
        var started = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, connections).Select(async number =>
        {
            var (count, items) = (0, "");
            while (true)
            {
                using var answer = await http.PostAsync(address, Body(items, number, each), cancellationToken);
                if (answer.StatusCode != HttpStatusCode.OK)
                    throw new InvalidOperationException($"The server answered: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
                var tokens = Tokens(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
                if (tokens.Count == 0)
                    return count;
                count += tokens.Count;
                items = string.Join(',', tokens.Select(token => $$$"""{"lease_token":"{{{token}}}","ack":{}}"""));
            }
        }));
        return (done.Sum(), Stopwatch.GetElapsedTime(started));
    }

    private static StringContent Body(string items, int number, int max) => new(
        $$$"""{"items":[{{{items}}}],"lease":{"worker":"bench-{{{number}}}","types":["{{{LeaseLoad.Type}}}"],"max":{{{max}}}}}""",
        Encoding.UTF8,
        new MediaTypeHeaderValue("application/json"));

    private static IReadOnlyList<string> Tokens(byte[] answer) =>
        [.. JsonNode.Parse(answer)!["leases"]!.AsArray().Select(lease => lease!["lease_token"]!.GetValue<string>())];
}
