using System.Reflection;

namespace JobQueue.Handlers.Loading;

/// <summary>Finds the classes that are job types. Pure.</summary>
internal static class HandlerScan
{
    public static IEnumerable<Type> In(Assembly assembly) => assembly.GetTypes().Where(type => PayloadOf(type) is not null);

    /// <summary>What a handler takes, <see langword="null"/> for a class that is none.</summary>
    /// <exception cref="HandlerRefusedException">It would be two job types.</exception>
    public static Type? PayloadOf(Type type)
    {
        if (type is not { IsClass: true, IsAbstract: false, ContainsGenericParameters: false })
            return null;
        var payloads = type.GetInterfaces()
            .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IJobHandler<>))
            .Select(face => face.GenericTypeArguments[0])
            .ToList();
        return payloads.Count <= 1
            ? payloads.SingleOrDefault()
            : throw new HandlerRefusedException($"The handler {type.FullName} takes payloads of {payloads.Count} kinds. A class is one job type: part it.");
    }
}
