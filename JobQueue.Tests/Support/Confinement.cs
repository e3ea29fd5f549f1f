using System.Diagnostics;

namespace JobQueue.Tests.Support;

/// <summary>
/// A server as a careful container runs it: an ordinary user without privileges, everything read-only but the folder of its data.
/// Linux alone, and only where the test itself may make such a place.
/// </summary>
internal static class Confinement
{
    private const int User = 1654;

    private static readonly string[] Namespace = ["unshare", "--mount", "--propagation", "private"];

    /// <summary>Names folders of the user who built the program, which another user may not read; a published one has none.</summary>
    private static readonly string Assets = Path.Combine(AppContext.BaseDirectory, "JobQueue.staticwebassets.runtime.json");

    public static bool IsPossible { get; } = OperatingSystem.IsLinux() && Environment.UserName == "root" && Runs([.. Namespace, "setpriv", "--help"]);

    /// <summary>Starts the server in the folder, which is all it may write.</summary>
    public static ServerProcess Start(string folder, params (string Name, string Value)[] environment) => ServerProcess.Start(
        folder,
        [
            .. Namespace, "sh", "-ec",
            """
            echo '{"ContentRoots":[],"Root":{}}' >"$0/assets.json"
            mount --bind "$0/assets.json" "$1"
            shift
            for place in / /tmp /var/tmp /dev/shm; do mount -o remount,bind,ro "$place" 2>/dev/null || true; done
            mount --bind "$0" "$0"
            mount -o remount,bind,rw "$0"
            cd "$0"
            exec "$@"
            """,
            folder, Assets, "setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--bounding-set=-all", "--no-new-privs",
        ],
        environment);

    public static Task GiveAsync(string folder) => RunAsync("chown", "-R", $"{User}:{User}", folder);

    public static Task KeepAsync(string path) => RunAsync("chown", "root:root", path);

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static bool Runs(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
