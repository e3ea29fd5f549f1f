using JobQueue.Dashboard.Pages.JobList;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;
using Microsoft.AspNetCore.WebUtilities;

namespace JobQueue.Dashboard.Pages.DeadLetters;

/// <summary>What the page of dead letters shows, as its address says it: the names are the API's, defaults are left out. Pure.</summary>
public sealed record DeadLetterState
{
    public bool Groups { get; init; }

    /// <summary>The conditions it shares with the list of jobs.</summary>
    public JobListState Conditions { get; init; } = new();

    /// <summary>One kind of failure alone.</summary>
    public string? Fingerprint { get; init; }

    public bool IsFirstPage => Conditions.IsFirstPage;

    public bool IsFiltered => Conditions.IsFiltered || Fingerprint is not null;

    public static DeadLetterState Read(string url)
    {
        var query = QueryHelpers.ParseQuery(new Uri(url).Query);
        return new DeadLetterState
        {
            Groups = query.TryGetValue("view", out var view) && view == "groups",
            Conditions = JobListState.Read(url) with { Status = null, Tag = null },
            Fingerprint = query.TryGetValue("fingerprint", out var value) && value is [{ Length: > 0 } fingerprint, ..] ? fingerprint : null,
        };
    }

    public string ToUrl()
    {
        var url = Conditions.ToUrl(Links.DeadLetters);
        if (Fingerprint is not null)
            url = QueryHelpers.AddQueryString(url, "fingerprint", Fingerprint);
        return Groups ? QueryHelpers.AddQueryString(url, "view", "groups") : url;
    }

    public DeadLetterState At(string? before = null, string? after = null) =>
        this with { Conditions = Conditions with { Before = before, After = after } };

    public DeadLetterFilter ToFilter(TenantId? scope) => new()
    {
        Tenant = scope,
        Queue = Conditions.Queue,
        Type = Conditions.Type,
        Reason = Conditions.Reason,
        Text = Conditions.Text,
        Fingerprint = Fingerprint,
    };
}
