using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JobQueue.Api.Json;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Jobs;

/// <summary>The body of a callback: the job as <c>GET /jobs/{id}</c> answers it, without what its submitter knows already.</summary>
internal sealed class CallbackBody : ICallbackBody
{
    /// <summary>A longer result is to be fetched by who wants it.</summary>
    private const int MaxResult = 64 << 10;

    private static readonly JsonTypeInfo<CallbackPost> Format = (JsonTypeInfo<CallbackPost>)new JsonSerializerOptions(ApiJson.Instance.Options)
    {
        TypeInfoResolver = ApiJson.Instance.WithAddedModifier(LeaveOutPayloads),
    }.GetTypeInfo(typeof(CallbackPost));

    public ReadOnlyMemory<byte> Of(Job ended)
    {
        var isTooLong = ended.Result is { Length: > MaxResult };
        var job = JobResponse.From(isTooLong ? ended with { Result = null } : ended) with { ResultTruncated = isTooLong ? true : null };
        return JsonSerializer.SerializeToUtf8Bytes(new CallbackPost($"job.{Words<JobStatus>.Of(ended.Status)}", ended.FinishedAt!.Value, job), Format);
    }

    private static void LeaveOutPayloads(JsonTypeInfo type)
    {
        if (type.Type != typeof(JobResponse))
            return;
        foreach (var property in type.Properties.Where(property => property.Name is "payload" or "original_payload"))
            property.ShouldSerialize = static (_, _) => false;
    }
}
