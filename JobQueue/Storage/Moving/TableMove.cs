namespace JobQueue.Storage.Moving;

/// <summary>A table with the statements that move it.</summary>
internal sealed class TableMove(MovedTable table, IReadOnlyList<MovedColumn> columns)
{
    private readonly IReadOnlyList<string> _key = table.Key?.Split(", ") ??
        [.. columns.Where(column => column.KeyPlace is not null).OrderBy(column => column.KeyPlace).Select(column => column.Name)];

    public MovedTable Table => table;

    public IReadOnlyList<MovedColumn> Columns => columns;

    public string CountInSource => $"SELECT count(*) FROM {table.Source}";

    /// <summary>In brackets, since SQLite takes a name in quotes that it does not find for a text.</summary>
    public string ReadFromSource =>
        $"SELECT {Names(columns.Select(column => column.Name), "[", "]")} FROM {table.Source} ORDER BY {Names(_key, "[", "]")}";

    public string Copy => $"COPY \"{table.Name}\" ({Names(columns.Select(column => column.Name))}) FROM STDIN (FORMAT BINARY)";

    /// <summary>Both engines order numbers by value, and bytes, texts and ids by their bytes.</summary>
    public string ReadFromTarget => $"SELECT {Names(columns.Select(column => column.Name))} FROM \"{table.Name}\" ORDER BY {Names(_key)}";

    private static string Names(IEnumerable<string> names, string open = "\"", string close = "\"") =>
        string.Join(", ", names.Select(name => open + name + close));
}
