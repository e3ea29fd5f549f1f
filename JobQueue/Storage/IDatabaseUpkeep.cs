namespace JobQueue.Storage;

/// <summary>What people do with a database from the command line, apart from serving from it; a server may own it meanwhile.</summary>
internal interface IDatabaseUpkeep
{
    /// <summary>
    /// Copies the database as it is at one moment. The copy is checked before it gets its name: where it is not in order, or the
    /// copying is broken off, there is no file.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <returns>As of <see cref="CheckAsync"/>; empty when the copy was made.</returns>
    /// <exception cref="IOException">There is such a file already, or it cannot be written.</exception>
    /// <exception cref="DatabaseRefusedException">The database cannot be read.</exception>
    /// <exception cref="SqliteAloneException">It is no file.</exception>
    Task<IReadOnlyList<string>> BackUpAsync(string path, CancellationToken cancellationToken);

    /// <summary>Looks at every row and counter, as they are at one moment.</summary>
    /// <returns>A line for each thing that is not as it should be.</returns>
    /// <exception cref="DatabaseRefusedException">The database cannot be read.</exception>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken);

    /// <summary>Makes a database for demos, in one file.</summary>
    /// <param name="path">Absolute; replaced when it is there.</param>
    /// <param name="rows">Of the types in <see cref="Model"/>.</param>
    /// <exception cref="SqliteAloneException">It is no file that this program serves from.</exception>
    Task CreateSampleAsync(string path, IReadOnlyList<object> rows, CancellationToken cancellationToken);

    /// <summary>
    /// Copies everything into an empty PostgreSQL database, in one transaction: whatever goes wrong, nothing but empty tables is left
    /// there. No server may own the database meanwhile, and it stays as it is.
    /// </summary>
    /// <param name="connectionString">Of the database to move to.</param>
    /// <param name="tell">Hears how far it is, a line each time.</param>
    /// <exception cref="DatabaseInUseException">A server owns the database.</exception>
    /// <exception cref="DatabaseRefusedException">One of the two cannot be used, or the other one holds something.</exception>
    /// <exception cref="SqliteAloneException">The database is no file.</exception>
    Task<MoveResult> MoveAsync(string connectionString, Action<string> tell, CancellationToken cancellationToken);
}
