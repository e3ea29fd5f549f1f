using System.Net;
using JobQueue.Access.Bootstrap;
using JobQueue.Api.Problems;

namespace JobQueue.Demo;

/// <summary>The demo's accounts are known to everybody, so only this machine may reach it.</summary>
internal static class DemoRules
{
    /// <exception cref="StartRefusedException">One of the addresses can be reached from elsewhere.</exception>
    public static void RefuseOpenAddresses(IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            var address = BindingAddress.Parse(url);
            if (!address.IsUnixPipe && !address.IsNamedPipe && !IsLoopback(address.Host))
            {
                throw new StartRefusedException(
                    $"The demo listens on this machine alone, and {url} can be reached from others. "
                    + "Use a localhost address, or turn the demo off: --Demo:Enabled=false.");
            }
        }
    }

    /// <summary>A page elsewhere must not reach the demo by a host name of its own that points here (DNS rebinding).</summary>
    public static Task RefuseForeignHostsAsync(HttpContext context, RequestDelegate next) =>
        context.Request.Host is { HasValue: true } host && !IsLoopback(host.Host)
            ? Problem.UnknownHost(host.Host).ExecuteAsync(context)
            : next(context);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
