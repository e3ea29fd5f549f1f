using JobQueue.Configuration;
using JobQueue.Storage;

namespace JobQueue.Commands.Upkeep;

/// <summary>The parts that commands need which look after the database without serving from it. It is never started.</summary>
internal static class UpkeepHost
{
    /// <param name="settings">As on the command line.</param>
    public static IHost Build(string[] settings)
    {
        var builder = ConfigurationSetup.CreateCommandBuilder(settings);
        builder.AddStorage();
        return builder.Build();
    }
}
