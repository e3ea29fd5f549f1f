namespace JobQueue.Api.OpenApi;

/// <summary>A header of an answer.</summary>
/// <param name="Status">Of the answer that has it.</param>
/// <param name="Name">As it is sent.</param>
/// <param name="Description">A sentence.</param>
/// <param name="Always">Whether the answer never comes without it.</param>
internal sealed record AnsweredHeader(int Status, string Name, string Description, bool Always);
