using System.Buffers;
using System.Text;
using JobQueue.Jobs.Model;

namespace JobQueue.Handlers.Command;

/// <summary>
/// What a program writes, however much it is: its beginning for the result, its lines as far as the job's log goes, its end for
/// an error. What is not UTF-8 becomes U+FFFD. Its memory is bounded. Not thread-safe.
/// </summary>
/// <param name="maxResult">The largest result, in bytes of JSON.</param>
internal sealed class CommandOutput(int maxResult)
{
    private const int MaxBeginning = 64 << 10;
    private const int MaxEnd = 1_000;

    /// <summary>What JSON can make of one byte: <c>\u0000</c>.</summary>
    private const int BytesInJson = 6;

    /// <summary>What stands around the text in a result.</summary>
    private const int Around = 64;

    private readonly int _maxBeginning = Math.Min(MaxBeginning, (maxResult - Around) / BytesInJson);
    private readonly byte[] _end = new byte[MaxEnd];
    private readonly ArrayBufferWriter<byte> _beginning = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private char[] _text = [];
    private int _endLength;
    private bool _isCut;
    private int _lines;

    /// <summary>The first 64 KB as text, or less where results must be small; a character that does not fit whole is left out.</summary>
    public string Beginning
    {
        get
        {
            var text = new char[Encoding.UTF8.GetMaxCharCount(_beginning.WrittenCount)];
            return new string(text, 0, Encoding.UTF8.GetDecoder().GetChars(_beginning.WrittenSpan, text, flush: !_isCut));
        }
    }

    /// <summary>The last line that says something; <see langword="null"/> when none does.</summary>
    public string? LastLine => Encoding.UTF8.GetString(_end, 0, _endLength)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();

    /// <summary>Takes in the next piece.</summary>
    /// <returns>The lines that end in it; a long one is cut. None any more once the log is full.</returns>
    public IReadOnlyList<string> Add(ReadOnlySpan<byte> piece)
    {
        var kept = Math.Min(piece.Length, _maxBeginning - _beginning.WrittenCount);
        _beginning.Write(piece[..kept]);
        _isCut |= kept < piece.Length;
        KeepEnd(piece);
        return Decode(piece, flush: false);
    }

    /// <summary>The program has ended.</summary>
    /// <returns>The last line, where no line feed ends it.</returns>
    public IReadOnlyList<string> Complete()
    {
        var lines = Decode([], flush: true);
        return _line.Length == 0 ? lines : [.. lines, EndLine()];
    }

    private void KeepEnd(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > MaxEnd)
            piece = piece[^MaxEnd..];
        var earlier = Math.Min(_endLength, MaxEnd - piece.Length);
        _end.AsSpan(_endLength - earlier, earlier).CopyTo(_end);
        piece.CopyTo(_end.AsSpan(earlier));
        _endLength = earlier + piece.Length;
    }

    private List<string> Decode(ReadOnlySpan<byte> piece, bool flush)
    {
        List<string> ended = [];
        // One more than the log keeps: it says that the rest was dropped.
        if (_lines > JobText.MaxLogLines)
            return ended;
        var most = Encoding.UTF8.GetMaxCharCount(piece.Length);
        if (_text.Length < most)
            _text = new char[most];
        var rest = _text.AsSpan(0, _decoder.GetChars(piece, _text, flush));
        for (int feed; (feed = rest.IndexOf('\n')) >= 0 && _lines <= JobText.MaxLogLines; rest = rest[(feed + 1)..])
        {
            Lengthen(rest[..feed]);
            ended.Add(EndLine());
        }

        if (_lines <= JobText.MaxLogLines)
            Lengthen(rest);
        return ended;
    }

    /// <summary>One character more than is kept tells whoever keeps the line that it was cut.</summary>
    private void Lengthen(ReadOnlySpan<char> text) => _line.Append(text[..Math.Min(text.Length, JobText.MaxLogLine + 1 - _line.Length)]);

    private string EndLine()
    {
        _lines++;
        var line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        return line;
    }
}
