using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;

namespace JobQueue.Api.DeadLetters;

/// <summary>Reads the body of the bulk commands. An empty one means nothing rather than everything.</summary>
internal static class BulkReader
{
    public const int MaxJobIds = 1_000;
    private const int MaxTextLength = 1_000;

    private enum Field
    {
        All,
        JobIds,
        Queue,
        Type,
        Reason,
        Q,
        Fingerprint,
        DeadAfter,
        DeadBefore,
        DryRun,
    }

    public static Bulk Read(ref FieldReader body)
    {
        var seen = new FieldSet();
        var filter = new DeadLetterFilter();
        bool? all = null, dryRun = null;
        while (body.Next(ref seen, out Field field))
        {
            switch (field)
            {
                case Field.All:
                    all = body.Boolean();
                    break;
                case Field.JobIds:
                    filter = filter with { JobIds = ReadIds(ref body) };
                    break;
                case Field.Queue:
                    filter = filter with { Queue = body.Text(1, MaxTextLength) };
                    break;
                case Field.Type:
                    filter = filter with { Type = body.Text(1, MaxTextLength) };
                    break;
                case Field.Reason:
                    filter = filter with { Reason = body.Word<FailReason>() };
                    break;
                case Field.Q:
                    filter = filter with { Text = body.Text(1, MaxTextLength) };
                    break;
                case Field.Fingerprint:
                    filter = filter with { Fingerprint = body.Text(1, MaxTextLength) };
                    break;
                case Field.DeadAfter:
                    filter = filter with { DeadAfter = body.Time() };
                    break;
                case Field.DeadBefore:
                    filter = filter with { DeadBefore = body.Time() };
                    break;
                case Field.DryRun:
                    dryRun = body.Boolean();
                    break;
            }
        }

        var hasFilters = filter with { JobIds = null } != new DeadLetterFilter();
        if (all == false)
            body.Fail("all", "may only be true; leave it out to name job_ids or filters.");
        else if (all == true && (hasFilters || filter.JobIds is not null))
            body.Fail("all", "must not be given together with job_ids or filters.");
        else if (filter.JobIds is not null && hasFilters)
            body.Fail("job_ids", "must not be given together with filters.");
        else if (all is null && filter.JobIds is null && !hasFilters)
            body.Fail("all", "is required when there are neither job_ids nor filters, so that nothing is done to everything by accident.");
        return new Bulk(filter, dryRun ?? false);
    }

    private static List<JobId>? ReadIds(ref FieldReader body)
    {
        if (!body.BeginArray())
            return null;
        List<JobId> ids = [];
        var count = 0;
        var valid = true;
        for (; body.NextElement(); count++)
        {
            if (JobId.TryParse(body.TextOrEmpty(), out var id))
                ids.Add(id);
            else
                valid = false;
        }

        if (!valid)
            body.Fail("must hold job ids only.");
        if (count is 0 or > MaxJobIds)
            body.Fail($"must have 1 to {MaxJobIds} members, and has {count}.");
        return ids;
    }
}
