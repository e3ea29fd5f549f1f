namespace JobQueue.Tests.Support;

/// <summary>The sign-in form as a browser fills it in. Each post of one page may run beside the others.</summary>
internal sealed class Door(HttpClient client, string path, string formToken, string formCookie)
{
    /// <summary>Opens the page once.</summary>
    public static async Task<Door> OpenAsync(HttpClient client, string path = "/login")
    {
        using var page = await client.GetAsync(path, TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Door(
            client,
            path,
            html.Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0],
            page.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }

    /// <summary>The same form, sent elsewhere.</summary>
    public Door Through(HttpClient other) => new(other, path, formToken, formCookie);

    /// <param name="from">The address a known proxy tells of; the client's own when absent.</param>
    public async Task<HttpResponseMessage> SignInAsync(string name, string password, string? from = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["_handler"] = "login",
                ["__RequestVerificationToken"] = formToken,
                ["Input.Name"] = name,
                ["Input.Password"] = password,
            }),
        };
        request.Headers.Add("Cookie", formCookie);
        if (from is not null)
            request.Headers.Add("X-Forwarded-For", from);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The session's cookie as it was set, with its attributes.</summary>
    public static string SessionCookie(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("jobqueue=", StringComparison.Ordinal));
}
