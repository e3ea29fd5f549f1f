using System.Globalization;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries;
using JobQueue.Tenants;
using Microsoft.AspNetCore.WebUtilities;

namespace JobQueue.Dashboard.Pages.JobList;

/// <summary>What the list of jobs shows, as its address says it: the names are the API's, defaults are left out. Pure.</summary>
public sealed record JobListState
{
    public JobStatus? Status { get; init; }
    public FailReason? Reason { get; init; }
    public string? Queue { get; init; }
    public string? Type { get; init; }
    public string? Tag { get; init; }

    /// <summary>For administrators.</summary>
    public string? Tenant { get; init; }

    /// <summary>Free text.</summary>
    public string? Text { get; init; }

    /// <summary>A cursor: the page of what is older.</summary>
    public string? Before { get; init; }

    /// <summary>A cursor: the page of what is just newer.</summary>
    public string? After { get; init; }

    public bool IsFirstPage => Before is null && After is null;

    /// <summary>Whether anything but the page is chosen.</summary>
    public bool IsFiltered => this with { Before = null, After = null } != new JobListState();

    public static JobListState Read(string url)
    {
        var query = QueryHelpers.ParseQuery(new Uri(url).Query);
        return new JobListState
        {
            Status = Words.TryReadStatus(Value("status"), out var status) ? status : null,
            Reason = Words.TryReadReason(Value("reason"), out var reason) ? reason : null,
            Queue = Value("queue"),
            Type = Value("type"),
            Tag = Value("tag"),
            Tenant = Value("tenant"),
            Text = Value("q"),
            Before = Value("before"),
            After = Value("after"),
        };

        string? Value(string name) =>
            query.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;
    }

    /// <summary>The conditions as they are searched for and shown: each a name and a value.</summary>
    public IReadOnlyList<(string Name, string Value)> Conditions()
    {
        var all = new (string Name, string? Value)[]
        {
            ("status", Status is { } status ? Words.Of(status) : null),
            ("reason", Reason is { } reason ? Words.Of(reason) : null),
            ("queue", Queue),
            ("type", Type),
            ("tag", Tag),
            ("tenant", Tenant),
        };
        return [.. all.Where(pair => pair.Value is not null).Select(pair => (pair.Name, pair.Value!))];
    }

    public JobListState Without(string name) => name switch
    {
        "status" => this with { Status = null, Before = null, After = null },
        "reason" => this with { Reason = null, Before = null, After = null },
        "queue" => this with { Queue = null, Before = null, After = null },
        "type" => this with { Type = null, Before = null, After = null },
        "tag" => this with { Tag = null, Before = null, After = null },
        "tenant" => this with { Tenant = null, Before = null, After = null },
        _ => this,
    };

    public string ToUrl(string path = Links.Jobs)
    {
        var url = path;
        foreach (var (name, value) in Conditions())
            url = QueryHelpers.AddQueryString(url, name, value);
        foreach (var (name, value) in new[] { ("q", Text), ("before", Before), ("after", After) })
            url = value is null ? url : QueryHelpers.AddQueryString(url, name, value);
        return url;
    }

    /// <param name="scope">What the viewer sees, narrowed to <see cref="Tenant"/>.</param>
    public JobFilter ToFilter(TenantId? scope) => new()
    {
        Tenant = scope,
        Status = Status,
        Reason = Reason,
        Queue = Queue,
        Type = Type,
        Tag = Tag,
        Text = Text,
    };

    /// <summary>The filter in words, for texts that repeat it.</summary>
    public override string ToString() => string.Join(
        ' ', Conditions().Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Name}:{pair.Value}")).Append(Text).OfType<string>());
}
