using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using JobQueue.Access.Users;
using JobQueue.Dashboard.Serving;
using JobQueue.Dashboard.Shared.Text;
using Microsoft.AspNetCore.Components;

namespace JobQueue.Dashboard.Pages.Door;

/// <summary>Makes the first administrator; not there once one exists (<see cref="MissingPages"/>).</summary>
public sealed partial class SetupPage
{
    private string? _error;

    /// <summary>Null where the form came without a single field of ours.</summary>
    [SupplyParameterFromForm(FormName = "setup", Name = nameof(Input))]
    private SetupInput? Given { get; set; }

    private SetupInput Input { get; set; } = new();

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [Inject]
    private FirstAdministrator First { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    protected override void OnInitialized() => Input = Given ?? Input;

    private async Task CreateAsync()
    {
        var name = Input.Name.Trim();
        _error = UserRules.NameError(name) ?? UserRules.PasswordError(Input.Password);
        if (_error is not null)
            return;
        switch (await First.CreateAsync(Input.Code, name, Input.Password, Http.Connection.RemoteIpAddress?.ToString(), Http.RequestAborted))
        {
            case SetupResult.Created(var user):
                await SignInCookie.SignInAsync(Http, user);
                Navigation.NavigateTo(Links.Home);
                break;
            case SetupResult.WrongCode:
                _error = "The setup code is wrong, or too old. The output of the server that starts next says which one is good.";
                break;
            case SetupResult.NameTaken:
                _error = "That user name is taken. Choose another one.";
                break;
            default:
                Navigation.NavigateTo(Links.SignIn);
                break;
        }
    }

    public sealed class SetupInput
    {
        public string Code { get; set; } = "";

        public string Name { get; set; } = "";

        public string Password { get; set; } = "";
    }
}
