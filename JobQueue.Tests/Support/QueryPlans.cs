using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace JobQueue.Tests.Support;

/// <summary>How SQLite would run a statement: its steps, with tables under their own names.</summary>
internal static partial class QueryPlans
{
    public static IReadOnlyList<string> Of(SqliteConnection connection, string sql)
    {
        var names = Aliases().Matches(sql).DistinctBy(match => match.Groups["alias"].Value)
            .ToDictionary(match => match.Groups["alias"].Value, match => match.Groups["table"].Value);
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        // The plan does not depend on the values, but they must be there.
        foreach (var name in Parameters().Matches(sql).Select(match => match.Value).Distinct())
            command.Parameters.AddWithValue(name, 1);
        using var rows = command.ExecuteReader();
        var steps = new List<string>();
        while (rows.Read())
            steps.Add(Access().Replace(rows.GetString(3), match => $"{match.Groups["how"].Value} {names.GetValueOrDefault(match.Groups["what"].Value, match.Groups["what"].Value)}"));
        return steps;
    }

    [GeneratedRegex("""["\s](?<table>[a-z_]+)"?\s+AS\s+"?(?<alias>[a-z0-9]+)"?""")]
    private static partial Regex Aliases();

    [GeneratedRegex(@"[@?][A-Za-z0-9_]+")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"^(?<how>SCAN|SEARCH) (?<what>\w+)")]
    private static partial Regex Access();
}
