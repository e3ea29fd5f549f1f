using System.Text.RegularExpressions;
using JobQueue.Tests.Support;
using NetArchTest.Rules;

namespace JobQueue.Tests.Architecture;

/// <summary>
/// Which part may know which, read from the compiled program: it sees qualified names, lambdas and generated code as it sees
/// usings. What a compiler leaves no trace of (constants, nameof) it cannot see.
/// </summary>
public sealed partial class DirectionTests
{
    private const string Web = "Microsoft.AspNetCore";

    private static readonly string[] Core = ["Access", "Handlers", "Jobs", "Queues", "Tenants"];

    private static readonly string[] Edges =
        ["Api", "Bench", "Commands", "Configuration", "Dashboard", "Demo", "Storage", "Telemetry", "Workers"];

    private static readonly string[] Providers = ["JobQueue.Storage.Sqlite", "JobQueue.Storage.Postgres"];

    private static readonly string[] Database =
        ["Microsoft.EntityFrameworkCore", "Microsoft.Data", "SQLitePCL", "Npgsql", "System.Data.Common.DbConnection", "System.Data.Common.DbCommand"];

    /// <summary>What each part never knows.</summary>
    private static readonly Dictionary<string, string[]> Never = new()
    {
        ["Jobs"] = [.. In(Edges), .. In("Access", "Handlers"), .. Database, Web],
        ["Queues"] = [.. In(Edges), .. In("Access", "Handlers", "Jobs"), .. Database, Web],
        ["Tenants"] = [.. In(Edges), .. In("Access", "Handlers", "Jobs"), .. Database, Web],
        ["Handlers"] = [.. In(Edges), .. Database, Web],
        ["Access"] = [.. In(Edges), .. Database],
        ["Storage"] = [.. In(Edges.Where(edge => edge is not "Storage")), .. In("Handlers")],
        ["Workers"] = [.. In("Api", "Dashboard", "Storage"), .. Database],
        ["Api"] = [.. In("Dashboard"), .. Providers, .. Database],
        ["Dashboard"] = [.. In("Api"), .. Providers, .. Database],
        ["Telemetry"] = [.. In("Api", "Dashboard"), .. Providers, .. Database],
        ["Commands"] = [.. Providers, .. Database],
        ["Configuration"] = [.. Providers, .. Database],
        ["Demo"] = [.. Providers, .. Database],
        // Its room Raw drives SQLite alone, to compare with.
        ["Bench"] = [.. Providers, .. Database],
    };

    public static TheoryData<string> Parts => new(Never.Keys);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Part_uses_only_what_lies_in_its_direction(string part) => Assert.Empty(Wrong(part, Never[part]));

    [Fact]
    public void Every_part_stands_in_the_table()
    {
        var compiled = typeof(Program).Assembly.GetTypes()
            .Select(type => type.Namespace?.Split('.'))
            .Where(name => name is ["JobQueue", _, ..])
            .Select(name => name![1]);
        var folders = Directory.EnumerateFiles(Path.Combine(Repository.Root, "JobQueue"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(Repository.Root, "JobQueue"), file).Split(Path.DirectorySeparatorChar))
            .Where(path => path is [not ("bin" or "obj"), _, ..])
            .Select(path => path[0]);

        Assert.Equal(Core.Concat(Edges).Order(StringComparer.Ordinal), Never.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Never.Keys.Order(StringComparer.Ordinal), compiled.Union(folders).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Storage", "Microsoft.EntityFrameworkCore", "JobQueue.Storage.Access.UserStore")]
    [InlineData("Storage", "Microsoft.EntityFrameworkCore", "JobQueue.Storage.Sqlite.SqliteJobStore")]
    [InlineData("Dashboard", "JobQueue.Access", "JobQueue.Dashboard.Layout.UserMenu")]
    [InlineData("Commands", "JobQueue.Bench", "JobQueue.Commands.BenchCommand")]
    public void Arrow_that_is_there_is_seen(string part, string used, string by) =>
        Assert.Contains(Wrong(part, [used]), arrow => arrow.StartsWith(by, StringComparison.Ordinal));

    /// <summary>Setup classes at a part's root wire parts together and are free to.</summary>
    private static List<string> Wrong(string part, string[] never)
    {
        var result = Types.InAssembly(typeof(Program).Assembly)
            .That().ResideInNamespace($"JobQueue.{part}")
            .Should().NotHaveDependencyOnAny(never)
            .GetResult();
        Assert.NotEmpty(result.SelectedTypesForTesting);
        return
        [
            .. result.FailingTypes
                .Where(type => !RootSetup().IsMatch(type.FullName) && !type.FullName.StartsWith("JobQueue.Bench.Raw.", StringComparison.Ordinal))
                .Select(type => $"{type.FullName}: {type.Explanation}"),
        ];
    }

    private static IEnumerable<string> In(params IEnumerable<string> parts) => parts.Select(part => $"JobQueue.{part}");

    [GeneratedRegex(@"^JobQueue\.\w+\.\w+Setup\b")]
    private static partial Regex RootSetup();
}
