using JobQueue.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JobQueue.Tests.Browser;

/// <summary>
/// One person's browser on the server under test. At its end it must have seen no error on the console and have asked no other
/// origin for anything.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    private const int PhoneHeight = 844;
    private const int DesktopHeight = 900;

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly Uri _address;

    private Visit(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        page.Console += (_, message) =>
        {
            // A 404 that a test asks for on purpose is the browser's remark, not a fault of the page.
            if (message.Type is "error" && !message.Text.Contains("status of 404", StringComparison.Ordinal))
                Complain(message.Text);
        };
        page.PageError += (_, error) => Complain(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                Complain($"asked another origin: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors that are part of the test, such as a server that is gone for a while.</summary>
    public bool Forgives { get; set; }

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 });

    public ILocator Status => Page.GetByLabel("Status", new PageGetByLabelOptions { Exact = true });

    public static Task<Visit> BeginAsync(Chromium chromium, QueueApp app, VisitOptions? options = null) =>
        BeginAsync(chromium, app.Address, options);

    /// <param name="address">Below which the pages lie, ending with a slash.</param>
    public static async Task<Visit> BeginAsync(Chromium chromium, Uri address, VisitOptions? options = null)
    {
        options ??= new VisitOptions();
        var browser = await chromium.GetAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = options.Width, Height = options.Width < 500 ? PhoneHeight : DesktopHeight },
            ColorScheme = options.Theme,
            JavaScriptEnabled = options.Scripts,
            BaseURL = address.ToString(),
            // The certificate of a proxy is made for its test.
            IgnoreHTTPSErrors = true,
        });
        return new Visit(context, await context.NewPageAsync(), address);
    }

    /// <summary>Signs in with a demo account and waits for the page that was wanted.</summary>
    public async Task SignInAsync(string name, string path = "/dashboard")
    {
        var wanted = At(path);
        await Page.GotoAsync(At($"/login?returnUrl={Uri.EscapeDataString(wanted.PathAndQuery)}").ToString());
        await Page.GetByLabel("User name").FillAsync(name);
        await Page.GetByLabel("Password").FillAsync($"{name}-demo");
        await Button("Sign in").ClickAsync();
        await Expect(Page).ToHaveURLAsync(wanted.ToString());
        await Expect(Heading).ToBeVisibleAsync();
    }

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(At(path).ToString());
        await Expect(Heading).ToBeVisibleAsync();
    }

    public ILocator Button(string name) =>
        Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator DialogButton(string name) =>
        Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        if (!Forgives)
            Assert.Empty(_complaints);
    }

    private Uri At(string path) => new(_address, path.TrimStart('/'));

    private void Complain(string text)
    {
        lock (_complaints)
            _complaints.Add(text);
    }
}
