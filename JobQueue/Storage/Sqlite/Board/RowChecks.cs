using JobQueue.Storage.Sqlite.Sql;

namespace JobQueue.Storage.Sqlite.Board;

internal static class RowChecks
{
    /// <summary>Runs a statement about a row that the board knows to be there: it must change that one.</summary>
    /// <exception cref="BoardMismatchException">It is not there, or not in that state: memory and disk disagree.</exception>
    public static void RunOne<T>(this SqliteStatement statement, string what, T id)
    {
        if (statement.Run() is var changed and not 1)
            throw new BoardMismatchException($"The {what} {id} is not as it was known: {changed} rows of it were changed.");
    }
}
