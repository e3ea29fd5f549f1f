using System.Globalization;
using System.Net;
using JobQueue.Handlers.Http.Outbound;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;

namespace JobQueue.Handlers.Http;

/// <summary>
/// What an answer, or none, means for the attempt: the one table of it. Pure. Messages tell the same of a host that is not there and
/// of one that takes no connection.
/// </summary>
internal static class HttpFailures
{
    /// <summary><see langword="null"/> for an answer that is a success.</summary>
    public static FailedAttemptException? Of(HttpResponseMessage answer, DateTimeOffset now)
    {
        if (answer.IsSuccessStatusCode)
            return null;
        var status = (int)answer.StatusCode;
        var message = string.Create(CultureInfo.InvariantCulture, $"The target answered {status}.");
        var type = JobErrors.OfStatus(status);
        return answer.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                new RetryAfterException(message, RetryAfter.Of(answer.Headers, now) ?? TimeSpan.Zero) { ErrorType = type },
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => new FailedAttemptException(message) { ErrorType = type },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest and not HttpStatusCode.NotModified => new PermanentJobException(
                $"The target answered {status}, a redirect, which is not followed. Put the address it leads to into the payload's url.")
            { ErrorType = JobErrors.Redirect },
            _ => new PermanentJobException(message) { ErrorType = type },
        };
    }

    /// <summary>There is no answer, or no whole one.</summary>
    public static FailedAttemptException Of(Exception exception) => exception switch
    {
        HttpRequestException { InnerException: BlockedAddressException blocked } =>
            new PermanentJobException(blocked.Message, exception) { ErrorType = JobErrors.BlockedAddress },
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Unconnected(
            "The target's certificate is not trusted, or it speaks no TLS that is spoken here.", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
            Unconnected("No connection to the target could be made.", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            Unconnected("The target's answer has more headers than are read.", exception),
        _ => Unconnected("The connection ended before the target had answered, or what it answered is no HTTP.", exception),
    };

    /// <summary>The answer did not come in the time that the payload gives it.</summary>
    public static FailedAttemptException TimedOut(double seconds, Exception exception) => new(
        string.Create(CultureInfo.InvariantCulture, $"The call took longer than its timeout_seconds of {seconds} s."), exception)
    { ErrorType = JobErrors.Timeout };

    public static FailedAttemptException ConnectTimedOut(Exception exception) => new(
        string.Create(CultureInfo.InvariantCulture, $"No connection to the target was made in {OutboundCalls.ConnectWithin.TotalSeconds} s."), exception)
    { ErrorType = JobErrors.Timeout };

    private static FailedAttemptException Unconnected(string message, Exception exception) => new(message, exception) { ErrorType = JobErrors.Connection };
}
