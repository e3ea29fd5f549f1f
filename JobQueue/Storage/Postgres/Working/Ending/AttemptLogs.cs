using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Connections;

namespace JobQueue.Storage.Postgres.Working.Ending;

/// <summary>How much the attempts of one transaction have said already.</summary>
internal sealed class AttemptLogs
{
    private readonly Dictionary<JobId, (int Lines, int Last)> _soFar = [];

    public async Task ReadAsync(WriterSession session, IReadOnlyList<HeldLease> leases, CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
            return;
        await session.Trip().Read(
            "count_logs",
            row => _soFar[row.Id(0)] = (row.GetInt32(1), row.GetInt32(2)),
            Sent.Column(leases, lease => lease.Token.Job.Value),
            Sent.Column(leases, lease => lease.Attempt)).RunAsync(cancellationToken);
    }

    /// <summary>The lines that are kept, numbered. An attempt that says too much is told so in its own log, once.</summary>
    public IEnumerable<(int Number, string Text)> Take(HeldLease lease, IReadOnlyList<string> lines)
    {
        var (count, last) = _soFar.GetValueOrDefault(lease.Token.Job);
        for (var i = 0; i < lines.Count && count <= JobText.MaxLogLines; i++)
        {
            var text = ++count > JobText.MaxLogLines ? JobText.LogLimit : JobText.Kept(lines[i], JobText.MaxLogLine);
            _soFar[lease.Token.Job] = (count, ++last);
            yield return (last, text);
        }
    }
}
