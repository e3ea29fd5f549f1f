namespace JobQueue.Api.Problems;

/// <summary>What is wrong with a request, field by field, collected until all of it is known.</summary>
internal sealed class FieldErrors
{
    /// <summary>A request that is wrong all over is not answered at any length.</summary>
    private const int Most = 100;

    private readonly Dictionary<string, IReadOnlyList<string>> _messages = [];
    private bool _tooLarge;

    public bool Any => _messages.Count > 0;

    public bool Has(string field) => _messages.ContainsKey(field);

    /// <param name="field">As in the JSON: <c>priority</c>, <c>jobs[3].priority</c>.</param>
    /// <param name="message">Reads on from the field's name: "must be …".</param>
    public void Add(string field, string message)
    {
        if (_messages.TryGetValue(field, out var said))
            ((List<string>)said).Add(message);
        else if (_messages.Count < Most)
            _messages.Add(field, new List<string> { message });
    }

    /// <summary>As <see cref="Add"/>, for what is answered with 413.</summary>
    public void AddTooLarge(string field, string message)
    {
        _tooLarge = true;
        Add(field, message);
    }

    /// <summary><see langword="null"/> when nothing is wrong.</summary>
    public Problem? ToProblem() =>
        !Any ? null : _tooLarge ? Problem.PayloadTooLarge(_messages) : Problem.Invalid(_messages);
}
