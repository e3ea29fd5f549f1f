using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JobQueue.Bench;

/// <summary>The report for people and for programs.</summary>
internal static class BenchText
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private static string Machine =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    public static string Table(BenchReport report, BenchOptions options)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{Machine}; {options.Workers} workers, payloads of {options.PayloadBytes} bytes; medians of {options.Rounds} rounds, the worst wait of all\n");
        var width = report.Lines.Max(line => line.Name.Length);
        foreach (var group in report.Lines.GroupBy(line => line.Group))
        {
            text.Append('\n').Append((group.Key + ":").PadRight(width + 17)).Append("  p50 ms   p99 ms   max ms   CPU µs\n");
            foreach (var line in group)
                AppendLine(text, line, width);
        }

        return text.ToString().TrimEnd();
    }

    public static string ToJson(BenchReport report, BenchOptions options) => new JsonObject
    {
        ["machine"] = Machine,
        ["workers"] = options.Workers,
        ["payload_bytes"] = options.PayloadBytes,
        ["rounds"] = options.Rounds,
        ["figures"] = new JsonArray([.. report.Lines.Select(ToJson)]),
    }.ToJsonString(Json);

    private static void AppendLine(StringBuilder text, BenchLine line, int width)
    {
        var row = new StringBuilder();
        row.Append("  ").Append(line.Name.PadRight(width)).Append(Number(line.Median).PadLeft(9)).Append(' ').Append(line.Unit.PadRight(5));
        row.Append(line.Waits is { } waits
            ? string.Create(CultureInfo.InvariantCulture, $"{waits.P50,8:0.00} {waits.P99,8:0.00} {waits.Max,8:0.00}")
            : new string(' ', 26));
        row.Append(line.CpuMicroseconds is { } cpu ? string.Create(CultureInfo.InvariantCulture, $" {cpu,8:0.0}") : new string(' ', 9));
        row.Append("   ").AppendJoin(", ", line.Ratios.Select(ratio =>
            string.Create(CultureInfo.InvariantCulture, $"{ratio.Ratio:0.00} of {ratio.Base}")));
        text.Append(row.ToString().TrimEnd()).Append('\n');
    }

    private static JsonObject ToJson(BenchLine line)
    {
        var figure = new JsonObject
        {
            ["group"] = line.Group,
            ["name"] = line.Name,
            ["value"] = Math.Round(line.Median, 3),
            ["unit"] = line.Unit,
            ["rounds"] = new JsonArray([.. line.Values.Select(value => JsonValue.Create(Math.Round(value, 3)))]),
        };
        if (line.Ratios.Any())
            figure["ratios"] = new JsonObject(line.Ratios.Select(ratio => KeyValuePair.Create(ratio.Base, (JsonNode?)Math.Round(ratio.Ratio, 3))));
        if (line.CpuMicroseconds is { } cpu)
            figure["cpu_us"] = Math.Round(cpu, 3);
        if (line.Waits is { } waits)
        {
            (figure["p50_ms"], figure["p99_ms"], figure["max_ms"]) =
                (Math.Round(waits.P50, 3), Math.Round(waits.P99, 3), Math.Round(waits.Max, 3));
        }

        return figure;
    }

    private static string Number(double value) =>
        value.ToString(value < 100 ? "0.00" : "#,0", CultureInfo.InvariantCulture);
}
