using NpgsqlTypes;

namespace JobQueue.Storage.Moving;

/// <summary>A column of a table that is moved.</summary>
/// <param name="Type">As it is written: a driver that guesses stores other bits without a word.</param>
/// <param name="KeyPlace">From 1 within the primary key.</param>
internal sealed record MovedColumn(string Name, NpgsqlDbType Type, long? KeyPlace)
{
    /// <param name="type">As PostgreSQL writes it.</param>
    public static MovedColumn From(string name, string type, long? keyPlace) => new(
        name,
        type switch
        {
            "integer" => NpgsqlDbType.Integer,
            "bigint" => NpgsqlDbType.Bigint,
            "boolean" => NpgsqlDbType.Boolean,
            "double precision" => NpgsqlDbType.Double,
            "text" => NpgsqlDbType.Text,
            "uuid" => NpgsqlDbType.Uuid,
            "bytea" => NpgsqlDbType.Bytea,
            _ => throw new InvalidOperationException($"The column {name} is a {type}, which is not moved yet."),
        },
        keyPlace);
}
