using System.IO.Compression;
using System.Net.Mime;
using JobQueue.Access.Sessions;
using JobQueue.Api.Json;
using JobQueue.Api.Problems;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace JobQueue.Api;

/// <summary>
/// What is read of the API goes out compressed to callers who ask for it. What is written or leased does not: those answers are
/// small and many, and whether a lease reached its caller cannot be told through a compressing stream. Nor do pages: they hold
/// what a visitor typed beside the secrets of forms, and the length of the two compressed together gives a secret away (BREACH).
/// No other site can make a browser send the token of an API call, so there is nothing to guess here, and HTTPS makes no difference.
/// </summary>
internal sealed class CompressedAnswers(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    /// <summary>Smaller ones fit into one packet either way.</summary>
    private const int Least = 1_400;

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<IResponseCompressionProvider, CompressedAnswers>();
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            // Not the streams of events: each event must leave at once.
            options.MimeTypes = [JsonAnswer.ContentType, Problem.ContentType, MediaTypeNames.Text.Plain];
        });
        // At its fastest Brotli leaves half as much again as gzip does, of lists of jobs.
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
    }

    /// <summary>Whether the answer's stream may be changed at all.</summary>
    public static bool AreMeant(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && !PagePaths.Contains(context.Request.Path);

    public override bool ShouldCompressResponse(HttpContext context) =>
        context.Response.ContentLength is null or >= Least && base.ShouldCompressResponse(context);
}
