using System.Globalization;

namespace JobQueue.Jobs.Model;

/// <summary>The error types that the server itself gives, as <c>error.type</c> of a job.</summary>
public static class JobErrors
{
    public const string Timeout = "timeout";

    /// <summary>A call was not answered, or not to the end.</summary>
    public const string Connection = "connection";

    /// <summary>A call would have gone where none may go.</summary>
    public const string BlockedAddress = "blocked_address";

    /// <summary>A call was answered with another address.</summary>
    public const string Redirect = "redirect";

    /// <summary>What stands before the status of an answer.</summary>
    public const string StatusPrefix = "http_";

    /// <summary>A call was answered with a status that is no success: <c>http_503</c>.</summary>
    public static string OfStatus(int status) => string.Create(CultureInfo.InvariantCulture, $"{StatusPrefix}{status}");
}
