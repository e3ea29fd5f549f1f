using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace JobQueue.Access.Sessions;

/// <summary>The keys that protect cookies and forms, in a folder beside the database that its owner alone can read.</summary>
internal sealed class KeyRing : FileSystemXmlRepository
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    private KeyRing(DirectoryInfo folder, ILoggerFactory loggerFactory)
        : base(folder, loggerFactory)
    {
    }

    public static KeyRing In(string folder, ILoggerFactory loggerFactory)
    {
        var created = OperatingSystem.IsWindows()
            ? System.IO.Directory.CreateDirectory(folder)
            : System.IO.Directory.CreateDirectory(folder, OwnerFolder);
        return new KeyRing(created, loggerFactory);
    }

    public override void StoreElement(XElement element, string friendlyName)
    {
        base.StoreElement(element, friendlyName);
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in Directory.EnumerateFiles("*.xml"))
            File.SetUnixFileMode(file.FullName, OwnerFile);
    }
}
