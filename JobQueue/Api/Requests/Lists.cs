using JobQueue.Api.Json;
using JobQueue.Storage.Queries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Requests;

internal static class Lists
{
    public static Ok<ListResponse<TResponse>> ToResponse<T, TResponse>(this Page<T> page, Func<T, TResponse> toResponse) =>
        TypedResults.Ok(page.ToListResponse(toResponse));

    public static ListResponse<TResponse> ToListResponse<T, TResponse>(this Page<T> page, Func<T, TResponse> toResponse) =>
        new(page.Items.Select(toResponse).ToList(), page.NextCursor);

    /// <summary>A page of a list that lies in memory whole and changes seldom: the cursor counts what was given out.</summary>
    public static Page<T> PageOf<T>(this IReadOnlyList<T> all, Paging paging)
    {
        var start = paging.Cursor is { } cursor ? NumberCursor.Decode(cursor) : 0;
        var items = all.Skip((int)start).Take(paging.Limit).ToList();
        var end = start + items.Count;
        return new Page<T>(items, end < all.Count ? NumberCursor.Encode(end) : null);
    }
}
