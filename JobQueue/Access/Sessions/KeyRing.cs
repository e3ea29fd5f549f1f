using System.Xml;
using System.Xml.Linq;
using JobQueue.Access.Bootstrap;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace JobQueue.Access.Sessions;

/// <summary>
/// The keys that protect cookies and forms, in a folder beside the database that its owner alone can read. The framework's own
/// repository writes a new key through the system's temporary folder, which may be read-only.
/// </summary>
internal sealed class KeyRing(string folder) : IKeyRing
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    public IReadOnlyCollection<XElement> GetAllElements() =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(Read)] : [];

    public void StoreElement(XElement element, string friendlyName) => Write($"{friendlyName}.xml", element.Save);

    Task IKeyRing.CheckAsync(IKeyManager keys, CancellationToken cancellationToken)
    {
        Check();
        return Task.CompletedTask;
    }

    /// <exception cref="StartRefusedException">The folder, or a key in it, cannot be used.</exception>
    public void Check()
    {
        const string probe = "probe";
        try
        {
            _ = GetAllElements();
            Write(probe, _ => { });
            File.Delete(Path.Combine(folder, probe));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            throw new StartRefusedException(
                $"The sign-in keys in {folder} cannot be used: {exception.Message.TrimEnd('.')}. They must belong to the user who runs the server.");
        }
    }

    private static XElement Read(string file)
    {
        try
        {
            return XElement.Load(file);
        }
        catch (XmlException exception)
        {
            throw new XmlException($"{Path.GetFileName(file)} is no key: {exception.Message}", exception);
        }
    }

    /// <summary>Whole or not at all: a crash leaves at most a file that is not read and that the next write takes over.</summary>
    private void Write(string name, Action<Stream> write)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
            options.UnixCreateMode = OwnerFile;
        }

        var place = Path.Combine(folder, name);
        var unfinished = place + ".new";
        using (var file = new FileStream(unfinished, options))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, place, overwrite: true);
    }
}
