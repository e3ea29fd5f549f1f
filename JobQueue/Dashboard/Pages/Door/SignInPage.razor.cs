using System.Globalization;
using JobQueue.Access;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace JobQueue.Dashboard.Pages.Door;

/// <summary>A plain form, answered without a circuit: it works before, and without, any script.</summary>
public sealed partial class SignInPage
{
    /// <summary>The time that a full queue at the door takes.</summary>
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(5);

    private string? _error;
    private bool _needsSetup;

    /// <summary>Null where the form came without a single field of ours.</summary>
    [SupplyParameterFromForm(FormName = "login", Name = nameof(Input))]
    private Credentials? Given { get; set; }

    private Credentials Input { get; set; } = new();

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [Inject]
    private SignIn Door { get; set; } = null!;

    [Inject]
    private FirstAdministrator First { get; set; } = null!;

    [Inject]
    private IOptions<DemoOptions> Demo { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Input = Given ?? Input;
        _needsSetup = await First.IsOpenAsync(Http.RequestAborted);
        if (HttpMethods.IsGet(Http.Request.Method) && (await Http.AuthenticateAsync(SignInCookie.Scheme)).Succeeded)
            Navigation.NavigateTo(PagePaths.LocalOrHome(Http.Request.PathBase, ReturnUrl));
    }

    private async Task SignInAsync()
    {
        switch (await Door.TryAsync(Input.Name.Trim(), Input.Password, Http.Connection.RemoteIpAddress, Http.RequestAborted))
        {
            case SignInResult.Welcome(var user):
                await SignInCookie.SignInAsync(Http, user);
                Navigation.NavigateTo(PagePaths.LocalOrHome(Http.Request.PathBase, ReturnUrl));
                break;
            case SignInResult.ComeBackLater(var wait):
                var seconds = RefuseFor(StatusCodes.Status429TooManyRequests, wait);
                _error = $"Too many failed attempts. Try again in {seconds} seconds.";
                break;
            case SignInResult.Busy:
                RefuseFor(StatusCodes.Status503ServiceUnavailable, WhenBusy);
                _error = "Too many are signing in at this moment. Try again in a few seconds.";
                break;
            default:
                _error = "User name or password is wrong.";
                break;
        }

        Input.Password = "";
    }

    private int RefuseFor(int status, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        Http.Response.StatusCode = status;
        Http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }

    public sealed class Credentials
    {
        public string Name { get; set; } = "";

        public string Password { get; set; } = "";
    }
}
