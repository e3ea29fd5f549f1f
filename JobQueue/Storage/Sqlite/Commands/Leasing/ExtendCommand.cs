using JobQueue.Jobs.Leases;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>Extends all leases of this process in one write.</summary>
/// <param name="arrived">When it came, on the clock that does not jump.</param>
internal sealed class ExtendCommand(IReadOnlyList<LeaseToken> tokens, TimeSpan duration, long arrived)
    : StoreCommand<IReadOnlyList<LeaseToken>>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

    protected override IReadOnlyList<LeaseToken> Run(WriteContext context)
    {
        var lost = new List<LeaseToken>();
        foreach (var token in tokens)
        {
            if (Leases.Current(context, token, null, arrived) is { } lease)
                Leases.Extend(context, lease, duration);
            else
                lost.Add(token);
        }

        return lost;
    }
}
