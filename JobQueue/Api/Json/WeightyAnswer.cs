using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JobQueue.Api.Memory;

namespace JobQueue.Api.Json;

/// <summary>
/// An answer that may be large. It takes room among all answers in flight and is written piece by piece as its caller takes it;
/// a caller who does not is cut off, so that nobody holds memory by not reading.
/// </summary>
/// <param name="bytes">What it holds of payloads and results.</param>
/// <param name="refusable">Whether it may be refused for want of room: not when something was done that its caller must hear of.</param>
/// <param name="room">Where it was read into; it shrinks to what is left in it.</param>
internal sealed class WeightyAnswer<T>(
    T body, JsonTypeInfo<T> type, long bytes, int status = StatusCodes.Status200OK, bool refusable = true, Room? room = null) : IResult
{
    /// <summary>Up to this it is written at once, with its length: the server's own buffer for a connection holds about as much.</summary>
    private const long AtOnce = 64 << 10;

    private const double LeastBytesPerSecond = 64 << 10;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext);

    /// <returns>False where the connection had ended before it took the whole answer.</returns>
    public async Task<bool> WriteAsync(HttpContext httpContext)
    {
        room?.Set(bytes);
        if (bytes <= AtOnce)
            return !(await JsonAnswer.WriteAsync(httpContext, status, body, type)).IsCompleted;

        var services = httpContext.RequestServices;
        using var own = services.GetRequiredService<CallMemory>().Answers.Open();
        if (room is null && refusable)
            await own.GrowAsync(bytes, httpContext.RequestAborted);
        else if (room is null)
            own.Set(bytes);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = JsonAnswer.ContentType;
        return await StreamAsync(httpContext, services.GetRequiredService<TimeProvider>());
    }

    private async Task<bool> StreamAsync(HttpContext context, TimeProvider time)
    {
        using var late = new CancellationTokenSource(Grace + TimeSpan.FromSeconds(bytes / LeastBytesPerSecond), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            await JsonSerializer.SerializeAsync(context.Response.BodyWriter, body, type, either.Token);
            return !(await context.Response.BodyWriter.FlushAsync(either.Token)).IsCompleted;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }
}
