using System.Text;
using JobQueue.Access.Users;
using JobQueue.Dashboard.Actions;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Dashboard.Actions;

/// <summary>The server decides again, whatever a page showed.</summary>
public sealed class JobCommandsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Member_cancels_his_own_jobs_and_no_others()
    {
        await using var app = await QueueApp.StartAsync(NoWorkers);
        var commands = app.Services.GetRequiredService<JobCommands>();
        var ada = await ViewerAsync(app, "ada", Roles.Member);
        var bob = await ViewerAsync(app, "bob", Roles.Member);
        var job = await SubmitAsync(commands, ada);

        Assert.Null(await commands.CancelAsync(bob, job, Cancellation));
        Assert.Equal(ControlResult.Changed, await commands.CancelAsync(ada, job, Cancellation));
        Assert.Equal(ControlResult.WrongState, await commands.CancelAsync(ada, job, Cancellation));
    }

    [Fact]
    public async Task Member_neither_retries_nor_requeues_nor_discards()
    {
        await using var app = await QueueApp.StartAsync(NoWorkers);
        var commands = app.Services.GetRequiredService<JobCommands>();
        var ada = await ViewerAsync(app, "ada", Roles.Member);
        var job = await SubmitAsync(commands, ada);

        Assert.Null(await commands.RetryAsync(ada, job, Cancellation));
        Assert.Null(await commands.RequeueAsync(ada, job, null, Cancellation));
        Assert.Null(await commands.DiscardAsync(ada, job, Cancellation));
        Assert.Null(await commands.RequeueManyAsync(ada, new DeadLetterFilter(), dryRun: false, Cancellation));
        Assert.Null(await commands.DiscardManyAsync(ada, new DeadLetterFilter(), dryRun: false, Cancellation));
    }

    [Fact]
    public async Task Operator_reaches_his_tenant_and_an_administrator_every_one()
    {
        await using var app = await QueueApp.StartAsync(NoWorkers);
        var commands = app.Services.GetRequiredService<JobCommands>();
        var ada = await ViewerAsync(app, "ada", Roles.Member);
        var stranger = await ViewerAsync(app, "eve", Roles.Operator, "globex");
        var root = await ViewerAsync(app, "root", Roles.Administrator, "globex");
        var job = await SubmitAsync(commands, ada);

        Assert.Equal(ControlResult.NotFound, await commands.CancelAsync(stranger, job, Cancellation));
        Assert.Null(await commands.SubmitAsync(stranger, Submission(ada), Cancellation));
        Assert.Equal(ControlResult.Changed, await commands.CancelAsync(root, job, Cancellation));
        Assert.Equal(ControlResult.Changed, await commands.RetryAsync(root, job, Cancellation));
    }

    [Fact]
    public async Task Command_of_an_ended_session_is_refused()
    {
        await using var app = await QueueApp.StartAsync(NoWorkers);
        var commands = app.Services.GetRequiredService<JobCommands>();
        var ada = await ViewerAsync(app, "ada", Roles.Operator);
        var job = await SubmitAsync(commands, ada);

        await app.Services.GetRequiredService<IAccounts>().ChangeAsync("ada", new UserChanges(Disabled: true), Some.Actor(), Cancellation);

        Assert.Null(await commands.CancelAsync(ada, job, Cancellation));
        Assert.Null(await commands.SubmitAsync(ada, Submission(ada), Cancellation));
    }

    private static QueueAppOptions NoWorkers { get; } =
        new() { Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" } };

    private static async Task<Viewer> ViewerAsync(QueueApp app, string name, string role, string tenant = "acme") => Viewer.From(
        (await app.Services.GetRequiredService<IAccounts>().CreateAsync(
            new NewUser(name, "correct horse", role, tenant, Demo: false), Some.Actor(), Cancellation))!);

    private static async Task<JobId> SubmitAsync(JobCommands commands, Viewer viewer) =>
        Assert.IsType<SubmitResult.Accepted>(await commands.SubmitAsync(viewer, Submission(viewer), Cancellation)).Job.Id;

    private static Submission Submission(Viewer viewer) => new()
    {
        Tenant = viewer.TenantId,
        Payload = Encoding.UTF8.GetBytes("1"),
        MaxRetries = 0,
        SubmittedBy = viewer.ActorName,
        Trace = TraceParent.CreateNew(),
    };
}
