using System.Reflection;
using System.Runtime.Loader;

namespace JobQueue.Handlers.Loading;

/// <summary>
/// An assembly of somebody's own, with its dependencies beside it: it has those to itself, whatever this program and other such
/// assemblies use. The program and the framework are shared, so that what is injected is of the types that it asks for.
/// </summary>
internal sealed class HandlerAssembly : AssemblyLoadContext
{
    private static readonly string Program = typeof(HandlerAssembly).Assembly.GetName().Name!;

    /// <summary>What the process runs on and does not lie beside the program is the framework.</summary>
    private static readonly HashSet<string> Framework =
    [
        .. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => !path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path)),
    ];

    private readonly AssemblyDependencyResolver _dependencies;

    private HandlerAssembly(string path)
        : base(Path.GetFileNameWithoutExtension(path)) => _dependencies = new AssemblyDependencyResolver(path);

    /// <summary>The handlers in an assembly, which stays loaded.</summary>
    /// <param name="setting">The path as in <see cref="HandlersOptions.Assemblies"/>.</param>
    /// <exception cref="HandlerRefusedException">There are none to be had.</exception>
    public static IReadOnlyList<Type> Load(string setting)
    {
        var path = Path.GetFullPath(setting, AppContext.BaseDirectory);
        if (!File.Exists(path))
            throw Refused(setting, $"there is no file {path}. A relative path starts beside the program");
        try
        {
            var handlers = HandlerScan.In(new HandlerAssembly(path).LoadFromAssemblyPath(path)).ToList();
            return handlers.Count > 0
                ? handlers
                : throw Refused(setting, $"no class in it implements IJobHandler of {Program}.dll");
        }
        catch (BadImageFormatException exception)
        {
            throw Refused(setting, "it is no .NET assembly", exception);
        }
        catch (ReflectionTypeLoadException exception)
        {
            throw DoesNotFit(setting, exception.LoaderExceptions.FirstOrDefault(cause => cause is not null) ?? exception);
        }
        catch (Exception exception) when (exception is IOException or TypeLoadException or InvalidOperationException)
        {
            throw DoesNotFit(setting, exception);
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name is { } name && name != Program && !Framework.Contains(name) && _dependencies.ResolveAssemblyToPath(assemblyName) is { } path
            ? LoadFromAssemblyPath(path)
            : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _dependencies.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static HandlerRefusedException DoesNotFit(string setting, Exception cause) => Refused(
        setting,
        $"it does not fit {Program} {typeof(HandlerAssembly).Assembly.GetName().Version!.ToString(3)}, or what it needs is not beside it: "
        + $"{cause.Message.TrimEnd('.')}. Build it with the {Program}.dll of this program",
        cause);

    private static HandlerRefusedException Refused(string setting, string why, Exception? cause = null) =>
        new($"{HandlersOptions.Section}:{nameof(HandlersOptions.Assemblies)}: '{setting}' cannot be used: {why}.", cause);
}
