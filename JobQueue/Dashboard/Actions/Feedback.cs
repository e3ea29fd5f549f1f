using System.Text;
using JobQueue.Dashboard.Pages.DeadLetters;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries.DeadLetters;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace JobQueue.Dashboard.Actions;

/// <summary>How pages ask before and tell after. One per circuit.</summary>
internal sealed partial class Feedback(IDialogService dialogs, ISnackbar snackbar, NavigationManager navigation, ILogger<Feedback> logger)
{
    /// <summary>The dialog names the element that gets the focus (js/page.js).</summary>
    private static readonly DialogOptions Options = new()
    {
        DefaultFocus = DefaultFocus.None,
        CloseOnEscapeKey = true,
        BackdropClick = false,
        MaxWidth = MaxWidth.Small,
        FullWidth = true,
    };

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
        var asked = await dialogs.ShowAsync<ConfirmDialog>(title, parameters, Options);
        return await asked.Result is { Canceled: false };
    }

    /// <summary>Lets a person mend a dead letter's payload.</summary>
    /// <returns>The new payload, or <see langword="null"/> when they thought better of it.</returns>
    public async Task<string?> EditPayloadAsync(DeadLetter entry, int maxKilobytes)
    {
        var parameters = new DialogParameters<EditPayloadDialog>
        {
            { dialog => dialog.Type, entry.Type },
            { dialog => dialog.Payload, Encoding.UTF8.GetString(entry.Payload.Span) },
            { dialog => dialog.MaxKilobytes, maxKilobytes },
        };
        var dialog = await dialogs.ShowAsync<EditPayloadDialog>("Edit and requeue", parameters, Options with { MaxWidth = MaxWidth.Medium });
        return await dialog.Result is { Canceled: false, Data: string edited } ? edited : null;
    }

    /// <summary>Gives one command and says what became of it, should it fail too.</summary>
    /// <param name="command">Answers <see langword="null"/> when the viewer may not give it.</param>
    /// <param name="success">What to say when it worked.</param>
    /// <param name="job">The job to offer a look at.</param>
    public async Task<bool> RunAsync(Func<Task<ControlResult?>> command, string success, JobId? job = null)
    {
        ControlResult? result = null;
        if (!await GuardAsync(async () => result = await command()))
            return false;
        switch (result)
        {
            case ControlResult.Changed:
                Say(success, job);
                return true;
            case ControlResult.CancelRequested:
                Say("The job was told to stop.");
                return true;
            case null:
                Warn("Not allowed: your role does not reach so far, or your session has ended.");
                return false;
            case ControlResult.WrongState:
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
        catch (Exception exception) when (exception is StoreOverloadedException or StoreUnavailableException or DiskFullException or StoreStoppedException)
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

    public void Say(string text, JobId? job = null) => snackbar.Add(text, Severity.Success, options =>
    {
        if (job is not { } id)
            return;
        options.Action = "Show the job";
        options.OnClick = _ =>
        {
            navigation.NavigateTo(Links.Job(id));
            return Task.CompletedTask;
        };
    });

    public void Warn(string text) => snackbar.Add(text, Severity.Warning);

    [LoggerMessage(5102, LogLevel.Error, "What a person asked for on a page failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
