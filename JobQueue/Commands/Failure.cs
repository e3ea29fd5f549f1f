using System.Data.Common;
using System.Net.Sockets;
using JobQueue.Access.Bootstrap;
using JobQueue.Configuration;
using JobQueue.Handlers;
using JobQueue.Storage;
using Microsoft.AspNetCore.Connections;

namespace JobQueue.Commands;

/// <summary>What a person reads when a start or a command fails, and the exit code.</summary>
internal static class Failure
{
    public const int ExitCode = 1;
    public const int WrongUsageExitCode = 2;

    /// <summary>Writes one line (or one for each wrong setting) on standard error; a stack trace only for a defect of ours.</summary>
    public static async Task<int> ReportAsync(Exception exception)
    {
        await Console.Error.WriteLineAsync(Text(exception) ?? $"This should not happen; please report it.{Environment.NewLine}{exception}");
        return exception is WrongUsageException ? WrongUsageExitCode : ExitCode;
    }

    private static string? Text(Exception exception) => exception switch
    {
        InvalidConfigurationException or StartRefusedException or WrongUsageException or CommandFailedException
            or DatabaseInUseException or DatabaseRefusedException or SqliteAloneException or HandlerRefusedException =>
            exception.Message,
        // The settings file cannot be read: the inner exception knows the line.
        InvalidDataException { InnerException: { } cause } => $"{exception.Message} {cause.Message}",
        IOException when Find<AddressInUseException>(exception) is not null =>
            $"{exception.Message.TrimEnd('.')}. Stop the program that listens there, or choose another address: --urls http://localhost:5081.",
        IOException or UnauthorizedAccessException or SocketException => exception.Message,
        DbException => $"The database cannot be used: {exception.Message}",
        _ => null,
    };

    private static T? Find<T>(Exception exception)
        where T : Exception =>
        exception as T ?? (exception.InnerException is { } inner ? Find<T>(inner) : null);
}
