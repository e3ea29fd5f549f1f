using System.Globalization;

namespace JobQueue.Tests.Support.Postgres;

/// <summary>The programs of PostgreSQL on this machine.</summary>
internal static class PostgresBinaries
{
    private const int OldestVersion = 15;
    private const string Debian = "/usr/lib/postgresql";

    /// <summary>Their folder, or the test is skipped.</summary>
    public static string Find()
    {
        var folders = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian)
                .Select(folder => (Folder: Path.Combine(folder, "bin"), Version: int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0))
                .Where(found => found.Version >= OldestVersion).OrderByDescending(found => found.Version).Select(found => found.Folder)
            : [];
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var initdb = Requires.Program(
            $"PostgreSQL {OldestVersion} or later is missing: apt-get install postgresql.",
            [.. folders.Concat(paths).Select(folder => Path.Combine(folder, "initdb"))]);
        return Path.GetDirectoryName(initdb)!;
    }

    /// <summary>What begins the command line of a program that does not run as root, for PostgreSQL refuses to.</summary>
    public static IReadOnlyList<string> AsUnprivileged()
    {
        if (!Environment.IsPrivilegedProcess)
            return [];
        var setpriv = Requires.Program("setpriv is missing, and PostgreSQL does not run as root: apt-get install util-linux.", "/usr/bin/setpriv", "/bin/setpriv");
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToDictionary(fields => fields[0]);
        var user = users.GetValueOrDefault("postgres") ?? users["nobody"];
        return [setpriv, $"--reuid={user[2]}", $"--regid={user[3]}", "--clear-groups"];
    }
}
