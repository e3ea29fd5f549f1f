using JobQueue.Jobs;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.Memory;

/// <summary>The two budgets of the API: for bodies that are read, and for answers that are written.</summary>
internal sealed class CallMemory
{
    /// <summary>A body or an answer up to this is not counted: thousands of connections may hold it.</summary>
    public const int Small = 16 << 10;

    private const long LeastPage = 2 << 20;
    private const long LeastTotal = 24 << 20;
    private const int BodiesAtOnce = 3;

    public CallMemory(IOptions<JobsOptions> options, TimeProvider time)
    {
        // A job has a payload, perhaps an earlier one, and a result.
        PageBytes = Math.Max(LeastPage, 3 * options.Value.MaxPayloadKilobytes * 1_024L);
        Answers = new ByteBudget(Math.Max(LeastTotal, PageBytes), time);
        Bodies = new ByteBudget(BodiesAtOnce * options.Value.MaxBodyMegabytes * 1_048_576L, time);
    }

    /// <summary>How much one page of jobs holds at most.</summary>
    public long PageBytes { get; }

    public ByteBudget Answers { get; }

    /// <summary>Room for a page before it is read, held until the call is over.</summary>
    /// <exception cref="NoRoomException">There was no room for it in time.</exception>
    public async ValueTask<Room> TakePageAsync(HttpContext context)
    {
        var room = Answers.Open();
        context.Response.RegisterForDispose(room);
        await room.GrowAsync(PageBytes, context.RequestAborted);
        return room;
    }

    public ByteBudget Bodies { get; }
}
