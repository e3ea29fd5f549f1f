using JobQueue.Access.Sessions;
using JobQueue.Api.Memory;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries;

namespace JobQueue.Api.Problems;

/// <summary>
/// Sees to it that every error on an API path is a problem document, whoever made it: a handler's exception, routing, or
/// authorization. Pages have error pages of their own.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public Task InvokeAsync(HttpContext context) =>
        PagePaths.Contains(context.Request.Path) ? next(context) : ServeAsync(context);

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            if (RequestBounds.Refuse(context) is { } refusal)
                await refusal.ExecuteAsync(context);
            else
                await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            // Nobody listens any more. The caller may have left, or was cut off, in the middle of the answer, whose status is out.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await ProblemWriting.WriteAsync(context, ProblemOf(exception));
            return;
        }

        var response = context.Response;
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            HeadCall.TellAllowed(response.Headers);
        if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
            await ProblemWriting.WriteAsync(context, Problem.ForStatus(context, response.StatusCode));
    }

    private Problem ProblemOf(Exception exception)
    {
        switch (exception)
        {
            case InvalidCursorException:
                return Problem.InvalidCursor(exception.Message);
            case StoreOverloadedException:
                return Problem.Overloaded();
            case StoreUnavailableException:
                return Problem.Unavailable(exception.Message);
            case NoRoomException:
                return Problem.Overloaded(exception.Message);
            case StoreStoppedException:
                return Problem.Stopping(exception.Message);
            case DiskFullException:
                return Problem.DiskFull(exception.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new Problem(ProblemKind.BodyTooLarge, exception.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return new Problem(ProblemKind.RequestTimeout, exception.Message);
            case BadHttpRequestException bad:
                return new Problem(ProblemKind.MalformedRequest with { Status = bad.StatusCode }, bad.Message);
            default:
                ApiLog.RequestFailed(logger, exception);
                return Problem.Internal();
        }
    }
}
