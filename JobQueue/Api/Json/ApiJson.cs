using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobQueue.Api.Administration;
using JobQueue.Api.DeadLetters;
using JobQueue.Api.Events;
using JobQueue.Api.Jobs;
using JobQueue.Api.Leases;
using JobQueue.Api.Problems;
using JobQueue.Api.Queues;
using JobQueue.Api.Tenants;
using JobQueue.Api.Types;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Explanations;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Json;

/// <summary>How the API's records become JSON.</summary>
[JsonSerializable(typeof(ProblemResponse))]
[JsonSerializable(typeof(JobResponse))]
[JsonSerializable(typeof(ListResponse<JobResponse>))]
[JsonSerializable(typeof(CallbackPost))]
[JsonSerializable(typeof(BatchResponse))]
[JsonSerializable(typeof(BatchStreamResponse))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(ListResponse<AttemptResponse>))]
[JsonSerializable(typeof(ListResponse<LogLineResponse>))]
[JsonSerializable(typeof(ExplanationResponse))]
[JsonSerializable(typeof(LeaseWishRequest))]
[JsonSerializable(typeof(LeasesResponse))]
[JsonSerializable(typeof(SettleRequest))]
[JsonSerializable(typeof(SettleResponse))]
[JsonSerializable(typeof(HeartbeatRequest))]
[JsonSerializable(typeof(HeartbeatResponse))]
[JsonSerializable(typeof(AckRequest))]
[JsonSerializable(typeof(FailRequest))]
[JsonSerializable(typeof(EventResponse))]
[JsonSerializable(typeof(ResetResponse))]
[JsonSerializable(typeof(DeadLetterResponse))]
[JsonSerializable(typeof(ListResponse<DeadLetterResponse>))]
[JsonSerializable(typeof(ListResponse<DeadLetterGroupResponse>))]
[JsonSerializable(typeof(RequeueRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkResponse))]
[JsonSerializable(typeof(QueueResponse))]
[JsonSerializable(typeof(ListResponse<QueueResponse>))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(LimitsResponse))]
[JsonSerializable(typeof(StatsResponse))]
[JsonSerializable(typeof(ListResponse<TypeResponse>))]
[JsonSerializable(typeof(TenantResponse))]
[JsonSerializable(typeof(ListResponse<TenantResponse>))]
[JsonSerializable(typeof(TenantRequest))]
[JsonSerializable(typeof(SigningSecretRequest))]
[JsonSerializable(typeof(NewSigningSecretResponse))]
[JsonSerializable(typeof(ListResponse<SigningSecretResponse>))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(NewTokenResponse))]
[JsonSerializable(typeof(ListResponse<TokenResponse>))]
[JsonSerializable(typeof(ListResponse<UserResponse>))]
[JsonSerializable(typeof(NewUserRequest))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(ListResponse<AuditResponse>))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>With the API's conventions; <c>Default</c> has none of them.</summary>
    public static ApiJson Instance { get; } = new(Configure(new JsonSerializerOptions()));

    /// <summary>snake_case names and words, times as <see cref="Rfc3339"/>, letters of every language as they are.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new Rfc3339Converter());
        options.Converters.Add(new JobIdConverter());
        options.Converters.Add(new WordConverter<JobStatus>());
        options.Converters.Add(new WordConverter<FailReason>());
        options.Converters.Add(new WordConverter<WaitingFor>());
        options.Converters.Add(new WordConverter<AttemptOutcome>());
        options.Converters.Add(new WordConverter<CallbackOn>());
        options.Converters.Add(new WordConverter<ExplanationCode>());
        return options;
    }
}
