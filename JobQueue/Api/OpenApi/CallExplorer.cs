using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace JobQueue.Api.OpenApi;

/// <summary>
/// Tells the framework of the bodies that calls read by themselves and of the errors they answer, so that it puts the schemas
/// among the document's components, each once.
/// </summary>
internal sealed class CallExplorer : IApiDescriptionProvider
{
    /// <summary>After the framework's own, which finds the calls.</summary>
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var call in context.Results)
        {
            var metadata = call.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<TakenBody>().FirstOrDefault() is { } body)
            {
                call.ParameterDescriptions.Add(new ApiParameterDescription
                {
                    Name = "body",
                    Type = body.Type,
                    Source = BindingSource.Body,
                    IsRequired = !body.Optional,
                });
                call.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = JsonAnswer.ContentType });
            }

            foreach (var problems in CallProblems.Of(metadata, call.HttpMethod))
            {
                call.SupportedResponseTypes.Add(new ApiResponseType
                {
                    StatusCode = problems.Key,
                    Type = typeof(ProblemResponse),
                    ApiResponseFormats = [new ApiResponseFormat { MediaType = Problem.ContentType }],
                });
            }
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }
}
