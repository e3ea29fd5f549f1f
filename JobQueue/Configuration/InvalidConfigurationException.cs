namespace JobQueue.Configuration;

/// <summary>Settings that the program does not accept: the start ends here.</summary>
/// <param name="problems">One line for each setting: its key, its value and what is allowed.</param>
internal sealed class InvalidConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
