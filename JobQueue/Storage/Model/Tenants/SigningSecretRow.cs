namespace JobQueue.Storage.Model.Tenants;

/// <summary>What a tenant's webhooks are signed with.</summary>
internal sealed class SigningSecretRow
{
    public Guid Id { get; set; }
    public int TenantId { get; set; }

    /// <summary>1 or 2: a tenant has two at most.</summary>
    public int Place { get; set; }

    /// <summary>Encrypted with the data protection keys, which lie elsewhere: a copy of the database alone tells nothing.</summary>
    public required byte[] Encrypted { get; set; }

    /// <summary>Later than that of the tenant's other one.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}
