using Npgsql;

namespace JobQueue.Storage;

/// <summary>What a connection string may say, by the engine that it is for. Pure.</summary>
internal static class ConnectionRules
{
    /// <summary>For error messages.</summary>
    public const string AllowedOfPostgres =
        "\"Host=\" and \"Database=\" of a PostgreSQL server and what else Npgsql knows, such as \"Host=localhost;Database=jobqueue;Username=jobqueue\"";

    /// <param name="provider">A value of <c>Storage:Provider</c>.</param>
    /// <returns>What is allowed, when the text is not; else <see langword="null"/>.</returns>
    public static string? Problem(string provider, string text)
    {
        var isPostgres = provider == StorageOptions.Postgres;
        try
        {
            var isAllowed = isPostgres
                ? new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Database.Length: > 0 }
                : DatabaseFile.From(text) is not null;
            if (isAllowed)
                return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            // It is told below.
        }

        return isPostgres ? AllowedOfPostgres : DatabaseFile.Allowed;
    }
}
