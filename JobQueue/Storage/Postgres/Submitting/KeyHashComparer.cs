namespace JobQueue.Storage.Postgres.Submitting;

/// <summary>Compares a tenant's keys by their hash.</summary>
internal sealed class KeyHashComparer : IEqualityComparer<(int Tenant, byte[] Hash)>
{
    public static KeyHashComparer Instance { get; } = new();

    public bool Equals((int Tenant, byte[] Hash) x, (int Tenant, byte[] Hash) y) => x.Tenant == y.Tenant && x.Hash.AsSpan().SequenceEqual(y.Hash);

    public int GetHashCode((int Tenant, byte[] Hash) obj) => HashCode.Combine(obj.Tenant, BitConverter.ToInt64(obj.Hash));
}
