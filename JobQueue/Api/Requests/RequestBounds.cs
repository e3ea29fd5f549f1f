using JobQueue.Api.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace JobQueue.Api.Requests;

/// <summary>
/// How long an address and how large the headers of a call may be. The server underneath would refuse them with a bare status,
/// so it takes twice as much.
/// </summary>
internal static class RequestBounds
{
    public const int MaxTargetBytes = 8 * 1_024;
    public const int MaxHeaderBytes = 32 * 1_024;

    public static void Allow(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 2 * MaxTargetBytes;
        limits.MaxRequestHeadersTotalSize = 2 * MaxHeaderBytes;
    }

    public static Problem? Refuse(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestFeature>()!.RawTarget.Length > MaxTargetBytes)
            return new Problem(ProblemKind.AddressTooLong, $"Path and query have at most {MaxTargetBytes:N0} bytes together.");
        var bytes = 0;
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
                bytes += name.Length + (value?.Length ?? 0);
        }

        return bytes > MaxHeaderBytes ? new Problem(ProblemKind.HeadersTooLarge, $"Headers have at most {MaxHeaderBytes:N0} bytes together.") : null;
    }
}
