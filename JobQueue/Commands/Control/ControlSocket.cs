using System.Net.Sockets;
using System.Text;
using JobQueue.Storage;

namespace JobQueue.Commands.Control;

/// <summary>
/// The Unix domain socket beside the database through which commands reach the server that owns it. Only the owner of the
/// database may open it: its mode is 0600.
/// </summary>
internal sealed class ControlSocket : IDisposable
{
    /// <summary>What every system allows as the name of a socket; a longer path is reached through a short link.</summary>
    private const int MaxNameBytes = 100;

    private readonly DirectoryInfo? _link;

    private ControlSocket(string name, DirectoryInfo? link)
    {
        (Name, _link) = (name, link);
        Socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    }

    public Socket Socket { get; }

    private string Name { get; }

    public static string PathOf(DatabaseFile database) => database.Path + ".sock";

    /// <summary>Opens the socket for commands. The caller owns the database, so whatever lies at the path is left over.</summary>
    public static ControlSocket Listen(DatabaseFile database)
    {
        File.Delete(PathOf(database));
        var opened = Create(database);
        opened.Socket.Bind(new UnixDomainSocketEndPoint(opened.Name));
        // Nobody can connect before Listen, so the mode is in place in time.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf(database), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        opened.Socket.Listen();
        return opened;
    }

    /// <exception cref="SocketException">No server listens.</exception>
    public static async Task<ControlSocket> ConnectAsync(DatabaseFile database, CancellationToken cancellationToken)
    {
        var opened = Create(database);
        try
        {
            await opened.Socket.ConnectAsync(new UnixDomainSocketEndPoint(opened.Name), cancellationToken);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        _link?.Delete(recursive: true);
    }

    private static ControlSocket Create(DatabaseFile database)
    {
        var path = PathOf(database);
        if (Encoding.UTF8.GetByteCount(path) <= MaxNameBytes)
            return new ControlSocket(path, link: null);
        var link = Directory.CreateTempSubdirectory("jobqueue-");
        var folder = Path.Combine(link.FullName, "d");
        File.CreateSymbolicLink(folder, database.Directory);
        return new ControlSocket(Path.Combine(folder, Path.GetFileName(path)), link);
    }
}
