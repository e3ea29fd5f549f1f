using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace JobQueue.Configuration;

/// <summary>One of the program's own sections, described by an options class: each property is a key with its default and range.</summary>
/// <param name="Path">As in the configuration: <c>Workers</c>, <c>Handlers:Http</c>.</param>
/// <param name="Type">The options class.</param>
/// <param name="Register">Binds the options for dependency injection.</param>
internal sealed record SettingsSection(string Path, Type Type, Action<IHostApplicationBuilder> Register)
{
    public static SettingsSection Of<T>(string path)
        where T : class =>
        new(path, typeof(T), builder => builder.Services.AddOptions<T>().Bind(builder.Configuration.GetSection(path)));

    public IEnumerable<string> Keys => Type.GetProperties().Select(property => ConfigurationPath.Combine(Path, property.Name));

    /// <summary>What is wrong in this section, a line each.</summary>
    /// <param name="all">Every section: those inside this one speak for themselves.</param>
    public IEnumerable<string> Problems(IConfiguration configuration, IEnumerable<SettingsSection> all)
    {
        var section = configuration.GetSection(Path);
        var inside = all.Where(other => ConfigurationPath.GetParentPath(other.Path) == Path).Select(other => ConfigurationPath.GetSectionKey(other.Path));
        var problems = ProblemsOfObject(section, Type, [.. inside]).ToList();
        return problems.Count == 0 && (section.Get(Type) ?? Activator.CreateInstance(Type)) is IValidatableObject bound
            ? bound.Validate(new ValidationContext(bound)).Select(result =>
                SettingsText.Problem(section, Property(Type, result.MemberNames.Single()), result.ErrorMessage!))
            : problems;
    }

    private static IEnumerable<string> ProblemsOfObject(IConfigurationSection section, Type type, params IReadOnlyList<string> inside)
    {
        foreach (var child in section.GetChildren().Where(child => !inside.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var problems = Property(type, child.Key) is { } property
                ? ProblemsOfValue(child, property.PropertyType, property)
                : [SettingsText.UnknownKey(child, type.GetProperties().Select(known => known.Name).Concat(inside))];
            foreach (var problem in problems)
                yield return problem;
        }

        foreach (var property in type.GetProperties().Where(property => property.IsDefined(typeof(RequiredAttribute))))
        {
            // A default fills a top-level key that is absent; a member of a list or dictionary has none.
            if (!section.GetSection(property.Name).Exists() && property.GetValue(Activator.CreateInstance(type)) is null or "")
                yield return SettingsText.Problem(section, property, "it is missing");
        }
    }

    private static IEnumerable<string> ProblemsOfValue(IConfigurationSection section, Type type, PropertyInfo property)
    {
        if (MemberOf(type) is { } member)
        {
            // One text where a list is meant would be left out in silence.
            return string.IsNullOrEmpty(section.Value)
                ? section.GetChildren().SelectMany(child => ProblemsOfValue(child, member, property))
                : [SettingsText.NotAList(section, property)];
        }

        if (type.IsClass && type != typeof(string))
            return ProblemsOfObject(section, type);
        return section.GetChildren().Any() || !IsAllowed(section.Value, type, property)
            ? [SettingsText.NotAllowed(section, type, property)]
            : [];
    }

    private static bool IsAllowed(string? text, Type type, PropertyInfo property)
    {
        if (string.IsNullOrEmpty(text) && (Nullable.GetUnderlyingType(type) is not null || type == typeof(string)))
            return !property.IsDefined(typeof(RequiredAttribute));
        try
        {
            var value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text ?? "");
            return property.GetCustomAttributes<ValidationAttribute>().All(attribute => attribute.IsValid(value));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>The type of a list's or dictionary's members, <see langword="null"/> for anything else.</summary>
    private static Type? MemberOf(Type type) =>
        type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GenericTypeArguments[^1] : null;

    private static PropertyInfo? Property(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase);
}
