namespace JobQueue.Api.Requests;

/// <summary>Where an object lies in the body. Its text is made only for an error.</summary>
internal readonly record struct FieldPath(string? Parent, int Index = -1)
{
    public string To(string field) => this switch
    {
        { Parent: null } => field,
        { Index: < 0 } => $"{Parent}.{field}",
        _ => $"{Parent}[{Index}].{field}",
    };

    /// <summary>The way into an object that lies in a field here.</summary>
    public FieldPath Into(string field) => new(To(field));
}
