using System.Collections;

namespace JobQueue.Handlers.Command;

/// <summary>What a command finds in its environment: what every program needs, and nothing of the server's.</summary>
internal static class CommandEnvironment
{
    private const string LocalePrefix = "LC_";

    private static readonly string[] Unix = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ"];

    private static readonly string[] Windows =
        ["PATH", "PATHEXT", "SystemRoot", "SystemDrive", "ComSpec", "USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles"];

    /// <param name="folder">Where it works; temporary files of its own belong there too.</param>
    public static IReadOnlyDictionary<string, string> In(string folder)
    {
        var names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var handedOn = (OperatingSystem.IsWindows() ? Windows : Unix).ToHashSet(names);
        var environment = new Dictionary<string, string>(names);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && (handedOn.Contains(name) || name.StartsWith(LocalePrefix, StringComparison.Ordinal)))
                environment[name] = value;
        }

        foreach (var name in OperatingSystem.IsWindows() ? (string[])["TEMP", "TMP"] : ["TMPDIR"])
            environment[name] = folder;
        return environment;
    }
}
