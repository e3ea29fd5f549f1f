using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobQueue.Handlers;
using Markdig;
using Microsoft.Extensions.Logging;

namespace MarkdownHandlers;

/// <summary>Turns Markdown into HTML.</summary>
public sealed class RenderMarkdownHandler(ILogger<RenderMarkdownHandler> logger) : IJobHandler<MarkdownPayload>
{
    // HTML in the text is shown as text: whoever submits a job does not write the page.
    private static readonly MarkdownPipeline Plain = new MarkdownPipelineBuilder().DisableHtml().Build();
    private static readonly MarkdownPipeline Extended = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseFootnotes().Build();

    public static string Type => "markdown.render";

    public static string Summary => "Turns Markdown into HTML.";

    public static MarkdownPayload Example => new("# Hello\n\nA *lamp* costs 20.");

    public Task<object?> RunAsync(MarkdownPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var html = Markdown.ToHtml(payload.Markdown, payload.Extensions ? Extended : Plain);
        logger.LogInformation("Job {JobId} made {Length} characters of HTML", context.Job.Id, html.Length);
        return Task.FromResult<object?>(new MarkdownResult(html));
    }
}

public sealed record MarkdownPayload(
    [Description("The text, as CommonMark says."), StringLength(200_000)]
    string Markdown,
    [Description("Whether tables and footnotes are understood, too.")]
    bool Extensions = false);

public sealed record MarkdownResult(string Html);
