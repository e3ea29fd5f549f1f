using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace JobQueue.Tests.Support;

/// <summary>Notes every statement that EF Core runs.</summary>
internal sealed class StatementRecorder : DbCommandInterceptor
{
    private readonly List<string> _statements = [];

    public IReadOnlyList<string> Take()
    {
        var taken = _statements.ToList();
        _statements.Clear();
        return taken;
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        _statements.Add(command.CommandText);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        _statements.Add(command.CommandText);
        return new(result);
    }
}
