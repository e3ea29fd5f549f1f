namespace JobQueue.Storage;

/// <summary>What a move brought to the other database.</summary>
/// <param name="Place">Its host and name.</param>
/// <param name="Tables">The same on both sides.</param>
/// <param name="Replaced">Texts in which a character that PostgreSQL does not keep was replaced, a line for each column that had any.</param>
public sealed record MoveResult(string Place, IReadOnlyList<MovedRows> Tables, IReadOnlyList<string> Replaced)
{
    public long Rows => Tables.Sum(table => table.Count);

    public long RowsOf(string table) => Tables.Single(moved => moved.Table == table).Count;
}
