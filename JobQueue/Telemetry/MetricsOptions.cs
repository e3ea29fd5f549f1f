namespace JobQueue.Telemetry;

/// <summary>Section <c>Metrics</c>.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>Whether <c>GET /metrics</c> wants a token with the scope <c>metrics:read</c>.</summary>
    public bool RequireToken { get; set; } = true;
}
