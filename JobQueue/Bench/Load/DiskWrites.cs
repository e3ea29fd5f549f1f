using System.Globalization;

namespace JobQueue.Bench.Load;

/// <summary>What this process has sent to the disk, as Linux counts it.</summary>
internal static class DiskWrites
{
    private const string File = "/proc/self/io";
    private const string Field = "write_bytes: ";

    /// <summary><see langword="null"/> where the system does not tell.</summary>
    public static long? Bytes => System.IO.File.Exists(File)
        && System.IO.File.ReadLines(File).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(Field.Length), CultureInfo.InvariantCulture)
            : null;
}
