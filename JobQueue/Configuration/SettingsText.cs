using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace JobQueue.Configuration;

/// <summary>How a problem with a setting reads: key, value, and what is allowed.</summary>
internal static partial class SettingsText
{
    public static string NotAllowed(IConfigurationSection setting, Type type, PropertyInfo property) =>
        $"{setting.Path} = {Shown(setting.Value, property)} is not valid. Allowed: {Allowed(type, property)}.";

    public static string NotAllowed(IConfigurationSection setting, string value, string allowed) =>
        $"{setting.Path} = {Shown(value, setting.Key)} is not valid. Allowed: {allowed}.";

    public static string NotAList(IConfigurationSection setting, PropertyInfo property) =>
        $"{setting.Path} = {Shown(setting.Value, property)} is not valid: its entries have keys of their own, such as {setting.Path}:0.";

    public static string UnknownKey(IConfigurationSection setting, IEnumerable<string> known)
    {
        // Of an unknown section the first value in it is shown: that is what somebody wrote.
        while (setting.Value is null && setting.GetChildren().FirstOrDefault() is { } inner)
            setting = inner;
        return $"{setting.Path} = {Shown(setting.Value, setting.Path)} is not a setting. Allowed here: {string.Join(", ", known)}.";
    }

    public static string Problem(IConfigurationSection section, PropertyInfo? property, string problem) =>
        $"{ConfigurationPath.Combine(section.Path, property!.Name)} = {Shown(section[property.Name], property)} is not valid: {problem.TrimEnd('.')}.";

    private static string Shown(string? value, PropertyInfo? property) => Shown(value, property?.Name ?? "");

    /// <summary>A password or a secret never reaches the console, under a misspelt key neither.</summary>
    private static string Shown(string? value, string name) =>
        name.Contains("Password", StringComparison.OrdinalIgnoreCase) || name.Contains("Secret", StringComparison.OrdinalIgnoreCase)
            ? "'***'"
            : $"'{PasswordInside().Replace(value ?? "", "***")}'";

    /// <summary>As in a connection string, or in an address that somebody wrote in its place.</summary>
    [GeneratedRegex("""(?<=\bp(as+w|w|sw)\w*\s*=\s*)("([^"]|"")*"?|'([^']|'')*'?|[^;]+)|(?<=://[^:@\s]*:).+(?=@)""", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordInside();

    private static string Allowed(Type type, PropertyInfo property)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        var allowed = property.GetCustomAttribute<AllowedValuesAttribute>() is { } values ? string.Join(", ", values.Values)
            : property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(IsRule) is { } rule ? rule.FormatErrorMessage(property.Name)
            : Words(kind);
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            allowed += string.Create(CultureInfo.InvariantCulture, $" from {range.Minimum} to {range.Maximum}");
        return kind == type ? allowed : $"{allowed}, or empty for no limit";
    }

    private static bool IsRule(ValidationAttribute attribute) =>
        attribute is not (RangeAttribute or RequiredAttribute or AllowedValuesAttribute);

    private static string Words(Type kind) =>
        kind == typeof(bool) ? "true or false"
        : kind == typeof(int) || kind == typeof(long) ? "a whole number"
        : kind == typeof(double) ? "a number"
        : "a text that is not empty";
}
