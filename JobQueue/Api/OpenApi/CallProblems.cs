using JobQueue.Access;
using JobQueue.Api.Problems;
using Microsoft.AspNetCore.Authorization;

namespace JobQueue.Api.OpenApi;

/// <summary>All the errors a call may answer with: its own, and those that its being a call brings along.</summary>
internal static class CallProblems
{
    private static readonly ProblemKind[] OfEvery =
    [
        ProblemKind.MalformedRequest, ProblemKind.MalformedBody, ProblemKind.InvalidFields, ProblemKind.TokenMissing,
        ProblemKind.TokenInvalid, ProblemKind.ScopeMissing, ProblemKind.InternalError, ProblemKind.Overloaded, ProblemKind.Stopping,
    ];

    private static readonly ProblemKind[] OfWrites = [ProblemKind.StoreUnavailable, ProblemKind.DiskFull];

    /// <summary>By status.</summary>
    public static IEnumerable<IGrouping<int, ProblemKind>> Of(IEnumerable<object> metadata, string? method)
    {
        var kinds = metadata.OfType<FailingWith>().SelectMany(failing => failing.Kinds).ToHashSet();
        if (ScopesOf(metadata).Any())
        {
            kinds.UnionWith(OfEvery);
            if (method != HttpMethods.Get)
                kinds.UnionWith(OfWrites);
        }

        return ProblemKind.All.Where(kinds.Contains).GroupBy(kind => kind.Status).OrderBy(group => group.Key);
    }

    public static IEnumerable<string> ScopesOf(IEnumerable<object> metadata) =>
        metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Where(Scopes.IsKnown);
}
