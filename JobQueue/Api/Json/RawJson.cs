namespace JobQueue.Api.Json;

/// <summary>JSON that goes out exactly as it lies in the store.</summary>
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    public static RawJson? From(ReadOnlyMemory<byte>? utf8) => utf8 is { } bytes ? new RawJson(bytes) : null;
}
