using JobQueue.Jobs.Leases;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>Extends all leases of this process in one write.</summary>
internal sealed class ExtendCommand(IReadOnlyList<LeaseToken> tokens, TimeSpan duration)
    : StoreCommand<IReadOnlyList<LeaseToken>>(CancellationToken.None)
{
    public override bool Refusable => false;

    protected override IReadOnlyList<LeaseToken> Run(WriteContext context)
    {
        var lost = new List<LeaseToken>();
        foreach (var token in tokens)
        {
            if (Leases.Current(context, token, null) is { } lease)
                Leases.Extend(context, lease, duration);
            else
                lost.Add(token);
        }

        return lost;
    }
}
