using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>A parameter in a call's query or header.</summary>
internal sealed record TakenParameter(string Name, ParameterLocation In, string Description, OpenApiSchema Schema);
