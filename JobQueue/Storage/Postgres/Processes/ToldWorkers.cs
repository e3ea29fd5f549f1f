using System.Text.Json;
using System.Text.Json.Serialization;
using JobQueue.Jobs.Leases;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Processes;

/// <summary>The workers that a process knows, as it tells the others. Times are ages: each process has a clock of its own.</summary>
internal static partial class ToldWorkers
{
    /// <summary>Who was heard of longest ago is left out, where all together would be too much for a row that is written again and again.</summary>
    private const int MaxBytes = 256 * 1024;

    /// <param name="now">By the clock of those who were heard.</param>
    public static string Write(IEnumerable<KnownWorker> workers, DateTimeOffset now)
    {
        var texts = new List<string>();
        var bytes = 0;
        foreach (var worker in workers.OrderByDescending(worker => worker.InProcess).ThenByDescending(worker => worker.Waiting).ThenByDescending(worker => worker.LastHeard))
        {
            var age = worker.InProcess ? 0 : (long)(now - worker.LastHeard).TotalMilliseconds;
            var told = new Told(
                worker.Tenant?.Value, worker.Name, worker.InProcess, Names(worker.Queues), Names(worker.Types), worker.Slots, age, worker.Waiting);
            var text = JsonSerializer.Serialize(told, Json.Default.Told);
            if ((bytes += text.Length) > MaxBytes)
                break;
            texts.Add(text);
        }

        return $"[{string.Join(",\n", texts)}]";
    }

    /// <param name="process">Who told it.</param>
    /// <param name="at">When it was told, by this process's clock.</param>
    public static IEnumerable<KnownWorker> Read(string text, string process, DateTimeOffset at) =>
        JsonSerializer.Deserialize(text, Json.Default.ListTold)!.Select(told => new KnownWorker(
            told.Tenant is { } tenant ? new TenantId(tenant) : null,
            told.Name,
            told.Pool ? process : null,
            told.Queues,
            told.Types,
            told.Slots,
            at - TimeSpan.FromMilliseconds(told.Age),
            told.Waiting));

    private static HashSet<string>? Names(IReadOnlySet<string>? names) => names is null ? null : [.. names];

    private sealed record Told(
        int? Tenant, string Name, bool Pool, HashSet<string>? Queues, HashSet<string>? Types, int Slots, long Age, bool Waiting);

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonSerializable(typeof(List<Told>))]
    private sealed partial class Json : JsonSerializerContext;
}
