using System.Text.RegularExpressions;
using JobQueue.Telemetry;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Architecture;

/// <summary>Rules of the code that are easier to keep by a test than by memory.</summary>
public sealed partial class StructureTests
{
    private const int MaxLines = 400;
    private const int MaxRazorLines = 200;

    /// <summary>What each part may not use. Setup files and Program.cs wire parts together and are free to.</summary>
    private static readonly (string Part, string[] Forbidden)[] Directions =
    [
        ("Jobs", ["Microsoft.EntityFrameworkCore", "Microsoft.Data", "Microsoft.AspNetCore", "JobQueue.Storage", "JobQueue.Api", "JobQueue.Dashboard", "JobQueue.Workers", "JobQueue.Access"]),
        ("Tenants", ["Microsoft.EntityFrameworkCore", "Microsoft.Data", "Microsoft.AspNetCore", "JobQueue.Storage", "JobQueue.Api", "JobQueue.Dashboard", "JobQueue.Workers", "JobQueue.Access"]),
        ("Handlers", ["Microsoft.EntityFrameworkCore", "Microsoft.Data", "Microsoft.AspNetCore", "JobQueue.Storage", "JobQueue.Api", "JobQueue.Dashboard"]),
        ("Workers", ["Microsoft.EntityFrameworkCore", "Microsoft.Data", "JobQueue.Storage", "JobQueue.Api", "JobQueue.Dashboard"]),
        ("Storage", ["Microsoft.AspNetCore", "JobQueue.Api", "JobQueue.Dashboard", "JobQueue.Workers", "JobQueue.Handlers"]),
        ("Access", ["JobQueue.Storage.Sqlite", "JobQueue.Api", "JobQueue.Dashboard", "JobQueue.Workers"]),
        ("Api", ["JobQueue.Storage.Sqlite", "JobQueue.Dashboard"]),
        ("Dashboard", ["JobQueue.Storage.Sqlite", "JobQueue.Api"]),
    ];

    private static readonly string Root = Repository.Root;

    public static TheoryData<string> Parts => new(Directions.Select(direction => direction.Part));

    [Theory]
    [MemberData(nameof(Parts))]
    public void Part_uses_only_what_lies_in_its_direction(string part)
    {
        var forbidden = Directions.Single(direction => direction.Part == part).Forbidden;
        var wrong =
            from file in Files($"JobQueue/{part}")
            where !file.EndsWith("Setup.cs", StringComparison.Ordinal)
            from used in Using().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)
            where forbidden.Any(name => used == name || used.StartsWith(name + ".", StringComparison.Ordinal))
            select $"{Path.GetRelativePath(Root, file)} uses {used}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_part_of_the_core_stands_in_the_table_of_directions() =>
        Assert.All(Directions, direction => Assert.True(Directory.Exists(Path.Combine(Root, "JobQueue", direction.Part)), direction.Part));

    [Fact]
    public void No_file_is_too_long_to_read_at_once()
    {
        var long_ =
            from file in Files("JobQueue").Concat(Files("JobQueue.Tests"))
            let lines = File.ReadLines(file).Count()
            where lines > (file.EndsWith(".razor", StringComparison.Ordinal) ? MaxRazorLines : MaxLines)
            select $"{Path.GetRelativePath(Root, file)} has {lines} lines";

        Assert.Empty(long_);
    }

    [Fact]
    public void Event_ids_are_unique()
    {
        var ids = Files("JobQueue").SelectMany(file => EventId().Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture))
            .Concat(Enum.GetValues<JobQueue.Jobs.Events.JobEventKind>().Select(kind => JobEventLine.Of(kind).Id))
            .ToList();

        Assert.True(ids.Count > 20, "The pattern finds the ids.");
        Assert.Empty(ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Where(file => !Generated().IsMatch(Path.GetRelativePath(Root, file)));

    [GeneratedRegex(@"^\s*(global )?@?using (static )?(?<name>[A-Za-z][\w.]*)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"LoggerMessage\((EventId = )?(?<id>\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"(^|[\\/])(bin|obj|Migrations)[\\/]")]
    private static partial Regex Generated();
}
