using System.Text;
using Serilog.Events;

namespace JobQueue.Telemetry.Logs;

/// <summary>Lines of the log as they stand in the file, valid until the event that carries them has been written.</summary>
internal sealed class Utf8Lines(ReadOnlyMemory<byte> lines) : LogEventPropertyValue
{
    /// <summary>The property that carries them.</summary>
    public const string Name = "Lines";

    private const int ChunkCharacters = 1024;

    /// <summary>Writes them to a file as they are, to anything else piece by piece.</summary>
    public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null)
    {
        if (output is StreamWriter { Encoding: UTF8Encoding } file)
        {
            file.Flush();
            file.BaseStream.Write(lines.Span);
            return;
        }

        Span<char> chunk = stackalloc char[ChunkCharacters];
        var decoder = Encoding.UTF8.GetDecoder();
        var left = lines.Span;
        while (!left.IsEmpty)
        {
            decoder.Convert(left, chunk, flush: false, out var read, out var decoded, out _);
            output.Write(chunk[..decoded]);
            left = left[read..];
        }
    }
}
