namespace JobQueue.Tenants;

/// <summary>The number a tenant is stored under. Never shown: people and programs use the tenant's name.</summary>
public readonly record struct TenantId(int Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
