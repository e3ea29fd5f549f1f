namespace JobQueue.Jobs.Model;

/// <summary>How far an attempt is. Whatever it says will do: what cannot be kept is mended or cut.</summary>
public sealed record JobProgress
{
    public JobProgress(double? percent, string? message)
    {
        Percent = percent is not { } said || double.IsNaN(said) ? null : Math.Clamp(said, 0, 100);
        Message = message is null ? null : JobText.Kept(message, JobText.MaxProgressMessage);
    }

    /// <summary>0 to 100, or <see langword="null"/> when unknown.</summary>
    public double? Percent { get; }

    /// <summary>1,000 characters at most.</summary>
    public string? Message { get; }
}
