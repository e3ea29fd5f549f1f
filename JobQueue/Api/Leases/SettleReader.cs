using System.Text.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Submissions;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.Leases;

/// <summary>Reads <c>POST /leases/settle</c>. Thread-safe.</summary>
internal sealed class SettleReader(IOptions<JobsOptions> options)
{
    public const int MaxItems = 100;

    /// <summary>Far more than a token has: what is longer is none.</summary>
    private const int MaxTokenLength = 1_000;

    private readonly int _maxResult = options.Value.MaxPayloadKilobytes * 1_024;

    private enum Field
    {
        Items,
        Lease,
    }

    private enum ItemField
    {
        LeaseToken,
        Ack,
        Fail,
        Release,
    }

    private enum AckField
    {
        Result,
    }

    private enum NoField
    {
    }

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    public SettleCall Read(ref FieldReader body)
    {
        var seen = new FieldSet();
        List<SettleItem>? items = null;
        LeaseWish? wish = null;
        while (body.Next(ref seen, out Field field))
        {
            if (field == Field.Items)
                items = ReadItems(ref body);
            else
                wish = ReadWish(ref body);
        }

        if (items is null && !body.Errors.Any)
            body.Fail("items", "is required: the ends, which may be none.");
        return new SettleCall(items ?? [], wish);
    }

    private static LeaseWish? ReadWish(ref FieldReader body)
    {
        if (!body.BeginObject())
            return null;
        body.Path = new FieldPath("lease");
        var wish = LeaseReader.ReadWish(ref body);
        body.Path = default;
        return wish;
    }

    private List<SettleItem>? ReadItems(ref FieldReader body)
    {
        if (!body.BeginArray())
            return null;
        List<SettleItem> items = [];
        HashSet<string> tokens = new(StringComparer.Ordinal);
        var count = 0;
        for (; body.NextElement(); count++)
        {
            if (!body.BeginElement("items", count))
                continue;
            body.Path = new FieldPath("items", count);
            if (ReadItem(ref body, count) is { } item)
            {
                items.Add(item);
                if (!tokens.Add(item.Lease?.ToString() ?? item.Token))
                    body.Errors.Add($"items[{count}]", "has the same lease_token as another one.");
            }

            body.Path = default;
        }

        if (count > MaxItems)
            body.Fail("items", $"must have at most {MaxItems} members, and has {count}.");
        return items;
    }

    private SettleItem? ReadItem(ref FieldReader body, int index)
    {
        var seen = new FieldSet();
        string? token = null, flaw = null;
        JobOutcome? outcome = null;
        var ends = 0;
        while (body.Next(ref seen, out ItemField field))
        {
            if (field == ItemField.LeaseToken)
            {
                token = body.Text(1, MaxTokenLength);
                continue;
            }

            if (body.Kind != JsonTokenType.Null)
                ends++;
            if (!body.BeginObject())
                continue;
            var outside = body.Path;
            body.Path = outside.Into(field == ItemField.Ack ? "ack" : field == ItemField.Fail ? "fail" : "release");
            outcome = field switch
            {
                ItemField.Ack => ReadAck(ref body, out flaw),
                ItemField.Fail => LeaseReader.ReadFail(ref body),
                _ => ReadRelease(ref body),
            };
            body.Path = outside;
        }

        if (token is null && !body.Errors.Has(body.Path.To("lease_token")))
            body.Fail("lease_token", "is required.");
        if (ends != 1)
            body.Errors.Add($"items[{index}]", "must have exactly one of ack, fail and release.");
        return token is null ? null : new SettleItem(token, LeaseToken.TryParse(token, out var lease) ? lease : null, outcome, flaw);
    }

    /// <summary>A result that cannot be stored is told of its own lease; the other ends of the call are as good as without it.</summary>
    private JobOutcome.Done? ReadAck(ref FieldReader body, out string? flaw)
    {
        flaw = null;
        var seen = new FieldSet();
        ReadOnlyMemory<byte>? result = null;
        while (body.Next(ref seen, out AckField _))
        {
            if (body.Json(SubmissionRules.MaxDepth, _maxResult, out flaw) is { } json)
                result = json;
            // Reports of the same call may hold what is no UTF-8, a result may not.
            if (body.IsMended && result?.Span.IndexOf(Replacement) >= 0)
                flaw = "is not valid UTF-8.";
        }

        return flaw is null ? new JobOutcome.Done(result) : null;
    }

    private static JobOutcome.Released ReadRelease(ref FieldReader body)
    {
        var seen = new FieldSet();
        while (body.Next(ref seen, out NoField _))
        {
            // Nothing belongs here; what does not is told.
        }

        return new JobOutcome.Released();
    }
}
