using System.Globalization;

namespace JobQueue.Handlers.Command.Processes;

/// <summary>
/// What this process has open is its own affair. The framework and the database open nothing that a program could inherit; but
/// what came from whoever started the server, or a library was careless with, would be handed on.
/// </summary>
internal static class OwnDescriptors
{
    private const string Folder = "/proc/self/fd";

    /// <summary>FIOCLEX of Linux.</summary>
    private const nuint CloseOnStart = 0x5451;

    private const int FirstOther = 3;

    /// <summary>On macOS the start itself closes them.</summary>
    public static void KeepToOurselves()
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var path in Directory.EnumerateFileSystemEntries(Folder))
        {
            var descriptor = int.Parse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture);
            if (descriptor >= FirstOther)
                _ = Libc.Control(descriptor, CloseOnStart);
        }
    }
}
