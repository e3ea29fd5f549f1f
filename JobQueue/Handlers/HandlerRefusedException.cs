namespace JobQueue.Handlers;

/// <summary>The program does not start, as a job type cannot be had: the message is one line that says which, why, and what to do.</summary>
internal sealed class HandlerRefusedException(string message, Exception? cause = null) : Exception(OneLine(message), cause)
{
    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
