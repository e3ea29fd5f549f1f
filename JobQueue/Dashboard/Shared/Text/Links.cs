using JobQueue.Access.Sessions;
using JobQueue.Jobs.Model;
using Microsoft.AspNetCore.Components;

namespace JobQueue.Dashboard.Shared.Text;

/// <summary>Where the pages are, told from the base of all addresses, which may be a path of a bigger site.</summary>
internal static class Links
{
    public const string Jobs = "dashboard/jobs";
    public const string DeadLetters = "dashboard/dlq";
    public const string Submit = "dashboard/submit";

    public static string Home { get; } = PagePaths.Home[1..];

    public static string SignIn { get; } = PagePaths.SignIn[1..];

    public static string SignOut { get; } = PagePaths.SignOut[1..];

    public static string Setup { get; } = PagePaths.Setup[1..];

    public static string Job(JobId id) => $"{Jobs}/{id}";

    /// <summary>The exact bytes of a payload, its original or a result.</summary>
    public static string Raw(JobId id, string part) => $"{Jobs}/{id}/raw/{part}";

    /// <summary>Whether an address is that of a page, whatever it asks of it.</summary>
    public static bool IsAt(this NavigationManager navigation, string address, string page) =>
        navigation.ToBaseRelativePath(address).Split('?', '#')[0] == page;
}
