using System.Globalization;
using System.Runtime.CompilerServices;
using JobQueue.Access.Sessions;
using Npgsql;

namespace JobQueue.Storage.Moving;

/// <summary>Moves a SQLite database into an empty PostgreSQL database. What is read is summed up on its way, and again where it arrived.</summary>
/// <param name="now">By the clock that the jobs were accepted by.</param>
/// <param name="tell">Hears how far it is.</param>
internal sealed class StoreMove(DatabaseFile database, IKeyRing keys, DateTimeOffset now, Action<string> tell)
{
    private const int RowsBetweenLines = 50_000;

    public async Task<MoveResult> RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        Tell($"Looking whether {database.Path} is in order.");
        await using var source = await MoveSource.OpenAsync(database, keys, now, cancellationToken);
        await using var target = await MoveTarget.OpenAsync(connectionString, cancellationToken);
        try
        {
            var moved = new List<(TableMove Move, MovedRows Read)>();
            foreach (var table in MovedTable.All)
                moved.Add(await CopyAsync(source, target, await target.DescribeAsync(table, cancellationToken), cancellationToken));
            await target.AnalyzeAsync(cancellationToken);
            Tell($"Comparing.");
            foreach (var (move, read) in moved)
                await CompareAsync(target, move, read, cancellationToken);
            await target.CommitAsync(cancellationToken);
            await TidyAsync(target, cancellationToken);
            return new MoveResult(target.Place, [.. moved.Select(table => table.Read)], [.. source.Replaced.Select(each => string.Create(
                CultureInfo.InvariantCulture, $"{each.Key}: {each.Value} texts held characters that PostgreSQL does not keep; each of these is U+FFFD now."))]);
        }
        catch (PostgresException exception)
        {
            throw new DatabaseRefusedException(target.Place, $"{exception.MessageText}. Nothing was moved.", exception);
        }
    }

    private async Task<(TableMove Move, MovedRows Read)> CopyAsync(
        MoveSource source, MoveTarget target, TableMove move, CancellationToken cancellationToken)
    {
        using var digest = new RowsDigest();
        var (name, count) = (move.Table.Name, await source.CountAsync(move, cancellationToken));
        var rows = SummedUpAsync(source.ReadAsync(move, cancellationToken), digest, name, count, cancellationToken);
        var copied = move.Table.IsCounted ? await CountAsync(rows, cancellationToken) : await target.CopyAsync(move, rows, cancellationToken);
        if (copied != count)
            throw Differs(target, name, count, copied);
        if (count > 0)
            Tell($"{name}: {count} rows copied");
        return (move, digest.Of(name));
    }

    private async IAsyncEnumerable<object?[]> SummedUpAsync(
        IAsyncEnumerable<object?[]> rows, RowsDigest digest, string table, long count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (digest.Count > 0 && digest.Count % RowsBetweenLines == 0)
                Tell($"{table}: {digest.Count} of {count}");
            digest.Add(row);
            yield return row;
        }
    }

    private async Task CompareAsync(MoveTarget target, TableMove move, MovedRows read, CancellationToken cancellationToken)
    {
        var written = await target.SumUpAsync(move, cancellationToken);
        if (written.Count != read.Count)
            throw Differs(target, read.Table, read.Count, written.Count);
        if (written != read)
            throw new DatabaseRefusedException(target.Place, $"the rows of {read.Table} came out otherwise than they were read. Nothing was moved.");
        Tell($"{read.Table}: {read.Count} rows, SHA-256 {read.Checksum}");
    }

    /// <summary>Everything is there already: what fails here costs time alone.</summary>
    private async Task TidyAsync(MoveTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await target.VacuumAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            Tell($"Everything was moved, and VACUUM (ANALYZE) failed: {exception.Message}. Run it before the first server starts.");
        }
    }

    private static async Task<long> CountAsync(IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var _ in rows.WithCancellation(cancellationToken))
            count++;
        return count;
    }

    private static DatabaseRefusedException Differs(MoveTarget target, string table, long source, long copied) => new(
        target.Place, string.Create(CultureInfo.InvariantCulture, $"{table} has {source} rows, and {copied} arrived. Nothing was moved."));

    private void Tell(FormattableString line) => tell(FormattableString.Invariant(line));
}
