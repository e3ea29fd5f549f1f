namespace JobQueue.Handlers;

/// <summary>What people and programs need to know to submit a job of a type.</summary>
/// <param name="Summary">One sentence.</param>
/// <param name="PayloadSchema">JSON Schema of the payload.</param>
/// <param name="Example">A payload that works.</param>
public sealed record HandlerDescription(string Summary, string PayloadSchema, string Example);
