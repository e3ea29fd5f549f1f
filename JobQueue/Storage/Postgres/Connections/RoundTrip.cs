using JobQueue.Storage.Postgres.Sql;
using Npgsql;

namespace JobQueue.Storage.Postgres.Connections;

/// <summary>Statements that go to the database together and are answered together. Used once, by one caller.</summary>
internal sealed class RoundTrip(NpgsqlConnection connection)
{
    private readonly List<Step> _steps = [];

    /// <summary>Opens a transaction that the next round trip, or this one, ends.</summary>
    public RoundTrip Begin() => Add(new Step("BEGIN", "BEGIN", null, null), []);

    public RoundTrip Commit() => Add(new Step("COMMIT", "COMMIT", null, null), []);

    /// <param name="onRow">Called for each row, in order.</param>
    public RoundTrip Read(string statement, Action<NpgsqlDataReader> onRow, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        Add(new Step(statement, SqlText.Load(statement), onRow, null), parameters);

    /// <param name="rows">How many rows must be touched, or <see langword="null"/> where any number is right.</param>
    public RoundTrip Write(string statement, int? rows, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        Add(new Step(statement, SqlText.Load(statement), null, rows), parameters);

    /// <summary>A statement whose text is not kept among the others.</summary>
    public RoundTrip Run(string sql, params ReadOnlySpan<NpgsqlParameter> parameters) => Add(new Step(sql, sql, null, null), parameters);

    /// <exception cref="RowsMismatchException">A statement touched more or fewer rows than it must.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var step in _steps)
            batch.BatchCommands.Add(step.Command);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var step in _steps)
            {
                if (step.OnRow is null)
                    continue;
                while (await reader.ReadAsync(cancellationToken))
                    step.OnRow(reader);
                await reader.NextResultAsync(cancellationToken);
            }

            while (await reader.NextResultAsync(cancellationToken))
            {
            }
        }

        foreach (var step in _steps)
        {
            if (step.Rows is { } rows && step.Command.RecordsAffected != rows)
                throw new RowsMismatchException($"The statement {step.Name} touched {step.Command.RecordsAffected} rows, not {rows}.");
        }
    }

    private RoundTrip Add(Step step, ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters)
            step.Command.Parameters.Add(parameter);
        _steps.Add(step);
        return this;
    }

    private sealed class Step(string name, string sql, Action<NpgsqlDataReader>? onRow, int? rows)
    {
        public string Name => name;

        public NpgsqlBatchCommand Command { get; } = new(sql);

        public Action<NpgsqlDataReader>? OnRow => onRow;

        public int? Rows => rows;
    }
}
