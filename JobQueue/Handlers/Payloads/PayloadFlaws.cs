using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace JobQueue.Handlers.Payloads;

/// <summary>What is wrong with a payload, place by place. Values are not told: messages are logged.</summary>
internal sealed class PayloadFlaws
{
    /// <summary>The path of the whole payload.</summary>
    public const string Root = "payload";

    /// <summary>What JSON can spell and no text can hold: names and values that cannot even be looked at.</summary>
    public const string HalfCharacter = @"holds half a character (such as \ud800), which is no text";

    private const int MostTold = 5;
    private const int LongestName = 60;

    private readonly List<string> _sentences = [];

    /// <summary>Whether there is no use in looking on.</summary>
    public bool IsFull => _sentences.Count >= MostTold;

    /// <param name="path">As <see cref="Member"/> and <see cref="Item"/> make it.</param>
    /// <param name="flaw">What follows the path: "must be a number, not text".</param>
    public void Add(string path, string flaw)
    {
        if (!IsFull)
            _sentences.Add($"{path} {flaw}.");
    }

    /// <summary>Adds what the type's author says, whose words may name the path or not.</summary>
    public void Quote(string path, ValidationResult said)
    {
        var sentence = $"{said.ErrorMessage?.TrimEnd('.')}.";
        if (!IsFull)
            _sentences.Add(sentence.Contains(path, StringComparison.Ordinal) ? sentence : $"{path}: {sentence}");
    }

    /// <exception cref="PermanentJobException">There is one.</exception>
    public void ThrowIfAny()
    {
        if (_sentences.Count > 0)
            throw Refuse(string.Join(' ', _sentences));
    }

    public static PermanentJobException Refuse(string message, Exception? cause = null) => new(message, cause) { ErrorType = "invalid_payload" };

    public static string Member(string path, string name)
    {
        var shown = name.Length <= LongestName ? name : $"{name[..LongestName]}…";
        return shown.Length > 0 && shown.All(IsPlain) ? $"{path}.{shown}" : $"{path}['{shown}']";
    }

    public static string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    private static bool IsPlain(char character) => char.IsLetterOrDigit(character) || character is '_' or '-' or '…';
}
