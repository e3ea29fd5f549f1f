namespace JobQueue.Api.Requests;

/// <summary>Which page of a list is wanted.</summary>
internal readonly record struct Paging(string? Cursor, int Limit)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;
}
