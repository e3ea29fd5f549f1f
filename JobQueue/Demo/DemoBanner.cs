using JobQueue.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace JobQueue.Demo;

/// <summary>What a person needs to try the program, on the console once the address is known.</summary>
internal sealed class DemoBanner(IServer server)
{
    public void Print()
    {
        var url = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? ServerAddress;
        const string body = """{"payload":{"hello":"world"}}""";
        Console.WriteLine($"""

              JobQueue demo on {url}

              Accounts   {string.Join($"{Environment.NewLine}             ", DemoAccount.All.Select(Line))}
              Tokens     {DemoToken.Acme.Secret}   (tenant acme, with limits)
                         {DemoToken.Unlimited.Secret}   (tenant unlimited)

              Submit a job:
              curl -X POST {url}/jobs -H 'Authorization: Bearer {DemoToken.Acme.Secret}' -H 'Content-Type: application/json' -d '{body}'

            """);
    }

    private static string ServerAddress => Configuration.ServerSetup.DefaultUrl;

    private static string Line(DemoAccount account) => $"{account.Name} / {account.Password}   ({account.Role}, tenant {account.Tenant})";
}
