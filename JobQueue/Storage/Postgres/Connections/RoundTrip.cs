using JobQueue.Storage.Postgres.Sql;
using Npgsql;

namespace JobQueue.Storage.Postgres.Connections;

/// <summary>Statements that go to the database together and are answered together. Used once, by one caller.</summary>
internal sealed class RoundTrip(NpgsqlConnection connection)
{
    private readonly List<Step> _steps = [];

    /// <summary>How many statements there are.</summary>
    public int Count => _steps.Count;

    /// <summary>Opens a transaction that the next round trip, or this one, ends.</summary>
    public RoundTrip Begin() => Add(new Step("BEGIN", null), []);

    public RoundTrip Commit() => Add(new Step("COMMIT", null), []);

    /// <param name="onRow">Called for each row, in order.</param>
    public RoundTrip Read(string statement, Action<NpgsqlDataReader> onRow, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        Add(new Step(SqlText.Load(statement), onRow), parameters);

    /// <param name="rows">How many rows must be touched, or else the transaction ends; <see langword="null"/> where any number is right.</param>
    public RoundTrip Write(string statement, int? rows, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        if (rows is not { } expected)
            return Add(new Step(SqlText.Load(statement), null), parameters);
        return Add(new Step(SqlText.LoadCounted(statement, parameters.Length), static _ => { }), [.. parameters, Sent.Value(expected)]);
    }

    /// <summary>A statement that answers nothing anybody reads.</summary>
    public RoundTrip Run(string sql, params ReadOnlySpan<NpgsqlParameter> parameters) => Add(new Step(sql, null), parameters);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var step in _steps)
            batch.BatchCommands.Add(step.Command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var step in _steps)
        {
            if (step.OnRow is not { } onRow)
                continue;
            while (await reader.ReadAsync(cancellationToken))
                onRow(reader);
            await reader.NextResultAsync(cancellationToken);
        }

        while (await reader.NextResultAsync(cancellationToken))
        {
            // An error of a later statement is thrown here.
        }
    }

    private RoundTrip Add(Step step, ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters)
            step.Command.Parameters.Add(parameter);
        _steps.Add(step);
        return this;
    }

    private sealed class Step(string sql, Action<NpgsqlDataReader>? onRow)
    {
        public NpgsqlBatchCommand Command { get; } = new(sql);

        /// <summary>Null for a statement without rows.</summary>
        public Action<NpgsqlDataReader>? OnRow => onRow;
    }
}
