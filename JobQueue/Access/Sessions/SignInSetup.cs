using JobQueue.Access.Bootstrap;
using JobQueue.Access.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace JobQueue.Access.Sessions;

internal static class SignInSetup
{
    /// <summary>Adds accounts of people, their cookie, and the way to the first administrator. Needs the storage.</summary>
    public static void AddSignIn(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Passwords>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<FirstAdministrator>();
        services.AddHostedService<FirstStart>();

        var protection = services.AddDataProtection().SetApplicationName("JobQueue");
        if (builder.Configuration.GetSection(KeysOptions.Section).Get<KeysOptions>()?.Load() is { } certificate)
            protection.ProtectKeysWithCertificate(certificate);
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<IKeyRing>()));

        services.AddAuthentication().AddCookie(SignInCookie.Scheme, SignInCookie.Configure);
        services.AddAuthorizationBuilder()
            .AddPolicy(SignInCookie.Policy, policy => policy
                .AddAuthenticationSchemes(SignInCookie.Scheme)
                .RequireAuthenticatedUser());
    }
}
