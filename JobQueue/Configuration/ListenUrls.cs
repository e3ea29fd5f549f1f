namespace JobQueue.Configuration;

/// <summary>Where the server is told to listen, in the order in which the framework looks: endpoints, URLs, ports.</summary>
internal static class ListenUrls
{
    /// <exception cref="InvalidConfigurationException">One of them is no address.</exception>
    public static void Check(IConfiguration configuration)
    {
        var problems = Of(configuration).Where(url => !IsAddress(url)).Select(url =>
            $"urls = '{url}' is not valid. Allowed: addresses such as {ServerSetup.DefaultUrl}, separated by semicolons; "
            + "port 0 (any free one) needs an IP address.").ToList();
        if (problems.Count > 0)
            throw new InvalidConfigurationException(problems);
    }

    public static IEnumerable<string> Of(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        if (endpoints.Count > 0)
            return endpoints;
        if (configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls)
            return Split(urls);
        return Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}")
            .Concat(Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"));
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.IsUnixPipe || address.IsNamedPipe
                || (address.Port is >= 0 and <= 65_535
                    && !(address.Port == 0 && address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
