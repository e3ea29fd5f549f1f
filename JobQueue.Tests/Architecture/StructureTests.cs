using System.Text.RegularExpressions;
using JobQueue.Telemetry;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Architecture;

/// <summary>Rules of the code that are easier to keep by a test than by memory.</summary>
public sealed partial class StructureTests
{
    private const int MaxLines = 400;
    private const int MaxRazorLines = 200;

    /// <summary>A room with more is a bag: part it.</summary>
    private const int MaxFilesInFolder = 18;

    private static readonly string Root = Repository.Root;

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
    public void File_is_named_after_the_type_in_it()
    {
        var wrong =
            from file in Files("JobQueue").Concat(Files("JobQueue.Tests"))
            where file.EndsWith(".cs", StringComparison.Ordinal) && !file.EndsWith("Contracts.cs", StringComparison.Ordinal)
            let name = Path.GetFileName(file).Split('.')[0]
            from type in TopLevelType().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)
            where type != name
            select $"{Path.GetRelativePath(Root, file)} holds {type}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_folder_holds_more_files_than_one_sees_at_a_glance()
    {
        var bags =
            from file in Files("JobQueue")
            where !file.EndsWith(".razor.cs", StringComparison.Ordinal)
            group file by Path.GetDirectoryName(file) into folder
            where folder.Count() > MaxFilesInFolder
            select $"{Path.GetRelativePath(Root, folder.Key!)} holds {folder.Count()} files";

        Assert.Empty(bags);
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

    /// <summary>Namespaces stand in one line, so what lies in no other type begins its line.</summary>
    [GeneratedRegex(@"^(\w+ )*(class|record( class| struct)?|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"LoggerMessage\((EventId = )?(?<id>\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"(^|[\\/])(bin|obj|Migrations)[\\/]")]
    private static partial Regex Generated();
}
