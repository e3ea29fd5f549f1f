using JobQueue.Dashboard.Shared;
using JobQueue.Jobs;
using MudBlazor;

namespace JobQueue.Dashboard;

/// <summary>How pages ask before and tell after. One per circuit.</summary>
internal sealed partial class Feedback(IDialogService dialogs, ISnackbar snackbar, ILogger<Feedback> logger)
{
    /// <summary>Asks, and answers whether to go on.</summary>
    /// <param name="title">A question that names verb, object and count.</param>
    /// <param name="verb">The word on the button.</param>
    public async Task<bool> ConfirmAsync(string title, string text, string verb, string? details = null, bool destructive = true)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { dialog => dialog.Title, title },
            { dialog => dialog.Text, text },
            { dialog => dialog.Verb, verb },
            { dialog => dialog.Details, details },
            { dialog => dialog.Destructive, destructive },
        };
        var asked = await dialogs.ShowAsync<ConfirmDialog>(title, parameters);
        return await asked.Result is { Canceled: false };
    }

    /// <summary>Gives one command and says what became of it.</summary>
    /// <param name="success">What to say when it worked.</param>
    public async Task<bool> RunAsync(Func<Task<CommandResult>> command, string success)
    {
        var result = CommandResult.NotFound;
        if (!await GuardAsync(async () => result = await command()))
            return false;
        switch (result)
        {
            case CommandResult.Changed:
                Say(success);
                return true;
            case CommandResult.CancelRequested:
                Say("The job was told to stop.");
                return true;
            case CommandResult.NotAllowed:
                Warn("Not allowed: your role does not reach so far, or your session has ended.");
                return false;
            case CommandResult.WrongState:
                Warn("Nothing was changed: the job has moved on meanwhile.");
                return false;
            default:
                Warn("Nothing was changed: the job is not there any more.");
                return false;
        }
    }

    /// <summary>Runs what may fail, and says so when it does.</summary>
    public async Task<bool> GuardAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception exception) when (exception is StoreOverloadedException or DiskFullException or StoreStoppedException)
        {
            snackbar.Add(exception.Message, Severity.Error);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception);
            snackbar.Add("Something unexpected happened on the server. Its log says what.", Severity.Error);
        }

        return false;
    }

    public void Say(string text) => snackbar.Add(text, Severity.Success);

    public void Warn(string text) => snackbar.Add(text, Severity.Warning);

    [LoggerMessage(5102, LogLevel.Error, "What a person asked for on a page failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
