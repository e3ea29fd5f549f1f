using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Events.Following;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.Events;

/// <summary>What happens to a tenant's jobs, as it happens.</summary>
internal static class EventsEndpoints
{
    public const string LastEventIdHeader = "Last-Event-ID";
    private const string LastEventIdQuery = "last_event_id";

    private const string Description =
        "Server-sent events, or the same as JSON messages `{ id, event, data }` for a WebSocket on this path. The beginning comes at once, a comment every 15 "
        + "seconds. Ids are opaque: resume after the last one seen with the header Last-Event-ID or the parameter last_event_id; the "
        + "answer's own header Last-Event-ID says where the stream begins. After a gap or a restart the stream opens with reset. A "
        + "server that stops tells what ends until then, and when to come back.";

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", FollowAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Events", "followEvents", "Follow jobs", Description)
            .TakesQuery("job_id", "One job's events only.")
            .TakesQuery("queue", "One queue's jobs only.")
            .TakesTenant()
            .TakesQuery(LastEventIdQuery, "As the header Last-Event-ID, for clients that cannot set it.")
            .TakesHeader(LastEventIdHeader, "The id of the last event seen.")
            .Answers<EventResponse>(StatusCodes.Status200OK, "Events until the caller goes, the token ends or the server has stopped. The schema is that of each event's data.", EventStream.ContentType)
            .OrAnswers<ResetResponse>(StatusCodes.Status200OK)
            .AnswersHeader(StatusCodes.Status200OK, LastEventIdHeader, "Where the stream begins.")
            .AnswersHeader(StatusCodes.Status200OK, EventStream.UnbufferedHeader, "`no`: asks a proxy to pass events on at once.")
            .Fails(ProblemKind.NotFound, ProblemKind.TooManyStreams, ProblemKind.NoStreamLeft);

    private static async Task FollowAsync(
        HttpContext context,
        TenantStore tenants,
        JobQueries jobs,
        StreamPlaces places,
        JobEventHistory history,
        IOptions<EventsOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var (jobId, queue, lastId) = (query.Id("job_id"), query.Text("queue"), query.Text(LastEventIdQuery));
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        var problem = query.ToProblem() ?? scope.Problem;
        if (problem is null && jobId is { } id && !await jobs.ExistsAsync(scope.Value, id, cancellationToken))
            problem = Problem.JobNotFound(id.ToString());
        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        using var life = CallLife.OfStream(context);
        if (life.HasEnded)
        {
            await life.ToProblem().ExecuteAsync(context);
            return;
        }

        var (place, refusal) = places.Take(context.Caller());
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        using (place)
        {
            if (context.Request.Headers[LastEventIdHeader].ToString() is { Length: > 0 } header)
                lastId = header;
            using var follower = history.Follow(new EventFilter(scope.Value, jobId, queue), string.IsNullOrEmpty(lastId) ? null : lastId);
            context.Response.Headers[LastEventIdHeader] = follower.StartId;
            if (context.WebSockets.IsWebSocketRequest)
                await EventSocket.RunAsync(context, follower, life, time);
            else
                await EventStream.RunAsync(context, follower, life, time, TimeSpan.FromSeconds(options.Value.RestartSeconds));
        }
    }
}
