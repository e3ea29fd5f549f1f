using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace JobQueue.Api.Requests;

/// <summary>
/// Refuses a body that a call does not take, so that a misspelt field is not lost in silence. What says nothing, as <c>{}</c>,
/// is fine.
/// </summary>
internal sealed class NoBody(RequestDelegate next, RequestBody bodies)
{
    private enum NoField
    {
    }

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var isSuspect = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
            && endpoint?.Metadata.GetMetadata<TakenBody>() is null
            && Bearer.ScopesOf(endpoint).Any();
        return isSuspect ? RefuseAsync(context) : next(context);
    }

    private async Task RefuseAsync(HttpContext context)
    {
        var body = await bodies.ReadAsync(context, ReadNothing, optional: true);
        if (body.Problem is null)
            await next(context);
        else if (body.Problem.Kind == ProblemKind.InvalidFields)
            await body.Problem.ExecuteAsync(context);
        else
            await Problem.Malformed("This call takes no body.").ExecuteAsync(context);
    }

    private static bool ReadNothing(ref FieldReader body)
    {
        var seen = new FieldSet();
        return body.Next(ref seen, out NoField _);
    }
}
