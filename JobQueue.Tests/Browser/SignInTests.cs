using System.Text.RegularExpressions;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Users;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JobQueue.Tests.Browser;

/// <summary>The door: who gets in, as whom, and out again.</summary>
public sealed class SignInTests(Chromium chromium)
{
    private static QueueAppOptions Demo { get; } = new() { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true" } };

    [Fact]
    public async Task Wrong_password_is_refused_in_an_alert_and_the_right_one_leads_where_one_wanted_to_go()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        // Without scripts: the form is plain HTML.
        await using var visit = await Visit.BeginAsync(chromium, app, new VisitOptions(Scripts: false));

        await visit.Page.GotoAsync("/dashboard/jobs?status=failed");
        await visit.Page.GetByLabel("User name").FillAsync("operator");
        await visit.Page.GetByLabel("Password").FillAsync("not-the-password");
        await visit.Button("Sign in").ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("User name or password is wrong.");
        await Expect(visit.Page.GetByLabel("User name")).ToHaveValueAsync("operator");
        await Expect(visit.Page.GetByLabel("Password")).ToHaveValueAsync("");
        await visit.Page.GetByLabel("Password").FillAsync("operator-demo");
        await visit.Button("Sign in").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"/dashboard/jobs\?status=failed$"));
    }

    [Fact]
    public async Task One_click_fills_in_a_demo_account()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);

        await visit.Page.GotoAsync("/login");
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "member-demo" }).ClickAsync();
        await visit.Button("Sign in").ClickAsync();

        await Expect(visit.Heading).ToHaveTextAsync("Overview");
        await Expect(visit.Button("Account of member")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("operator");

        await visit.Button("Account of operator").ClickAsync();
        await visit.Button("Sign out").ClickAsync();

        await Expect(visit.Heading).ToHaveTextAsync("Sign in");
        await visit.Page.GotoAsync("/dashboard/jobs");
        await Expect(visit.Heading).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task Page_that_is_open_goes_to_the_sign_in_as_soon_as_its_user_is_disabled()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("member");

        await app.Services.GetRequiredService<IAccounts>().ChangeAsync(
            "member", new UserChanges(Disabled: true), Some.Actor(), TestContext.Current.CancellationToken);

        await Expect(visit.Heading).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task Member_sees_dead_letters_but_cannot_requeue_them()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await using var visit = await Visit.BeginAsync(chromium, app);
        await visit.SignInAsync("member", "/dashboard/submit");

        await visit.Page.GetByLabel("Type").FillAsync("fail");
        await visit.Page.GetByLabel("Payload").FillAsync("""{"permanent": true}""");
        await visit.Button("Submit job").ClickAsync();
        await Expect(visit.Status).ToHaveTextAsync("failed");
        await Expect(visit.Button("Requeue")).ToBeDisabledAsync();

        await visit.GoAsync("/dashboard/dlq");
        await Expect(visit.Button("Requeue")).ToBeDisabledAsync();
        await Expect(visit.Button("Edit and requeue")).ToBeDisabledAsync();
        await Expect(visit.Button("Discard")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task First_administrator_is_made_with_the_setup_code_and_then_the_page_is_gone()
    {
        await using var app = await QueueApp.StartAsync();
        var notice = await app.Services.GetRequiredService<FirstAdministrator>().PrepareAsync(TestContext.Current.CancellationToken);
        await using var visit = await Visit.BeginAsync(chromium, app);

        await visit.Page.GotoAsync("/login");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Set it up" }).ClickAsync();
        await visit.Page.GetByLabel("Setup code").FillAsync("AAAA-BBBB-CCCC-DDDD");
        await visit.Page.GetByLabel("User name").FillAsync("root");
        await visit.Page.GetByLabel("Password").FillAsync("correct horse");
        await visit.Button("Create administrator").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The setup code is wrong");
        await visit.Page.GetByLabel("Setup code").FillAsync(Assert.IsType<SetupNotice.Code>(notice).Text);
        await visit.Page.GetByLabel("Password").FillAsync("correct horse");
        await visit.Button("Create administrator").ClickAsync();

        await Expect(visit.Heading).ToHaveTextAsync("Overview");
        Assert.Equal(404, (await visit.Page.GotoAsync("/setup"))!.Status);
    }
}
