namespace JobQueue.Access;

/// <summary>Section <c>Demo</c>: well-known accounts and tokens to try the program with, on this machine alone.</summary>
public sealed class DemoOptions
{
    public const string Section = "Demo";

    public bool Enabled { get; set; }
}
