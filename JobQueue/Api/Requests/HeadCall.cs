using Microsoft.Net.Http.Headers;

namespace JobQueue.Api.Requests;

/// <summary>HEAD is answered wherever GET is, by what answers GET: the same head, and the body goes nowhere.</summary>
internal static class HeadCall
{
    private static readonly object Mark = new();

    /// <summary>Stands before routing. It is the web server that drops the body: it knows how the call came.</summary>
    public static Task ServeAsync(HttpContext context, RequestDelegate next) =>
        HttpMethods.IsHead(context.Request.Method) ? ServeHeadAsync(context, next) : next(context);

    /// <summary>Routing knows nothing of it.</summary>
    public static void TellAllowed(IHeaderDictionary headers)
    {
        var allowed = headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
            headers.AppendCommaSeparatedValues(HeaderNames.Allow, HttpMethods.Head);
    }

    /// <summary>For answers that would go on for as long as somebody reads them.</summary>
    public static bool Is(HttpContext context) => context.Items.ContainsKey(Mark);

    private static async Task ServeHeadAsync(HttpContext context, RequestDelegate next)
    {
        context.Items[Mark] = Mark;
        context.Request.Method = HttpMethods.Get;
        await next(context);
        context.Request.Method = HttpMethods.Head;
    }
}
