namespace JobQueue.Storage.Model.Access;

/// <summary>A fact about the database itself.</summary>
internal sealed class MetaRow
{
    public required string Key { get; set; }
    public required string Value { get; set; }
}
