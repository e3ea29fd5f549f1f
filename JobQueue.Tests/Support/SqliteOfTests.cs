using System.Runtime.CompilerServices;
using JobQueue.Storage.Sqlite.Files;

namespace JobQueue.Tests.Support;

/// <summary>SQLite is set up as the program does it, whichever test opens the first connection of the process.</summary>
internal static class SqliteOfTests
{
    [ModuleInitializer]
    internal static void Configure() => SqliteConnections.Configure();
}
