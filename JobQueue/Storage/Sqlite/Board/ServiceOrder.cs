namespace JobQueue.Storage.Sqlite.Board;

/// <summary>The order in which tenants get free workers: fewest running first, then served longest ago.</summary>
internal readonly record struct ServiceOrder(int Running, long LastServed, TenantState Tenant) : IComparable<ServiceOrder>
{
    public int CompareTo(ServiceOrder other)
    {
        var order = Running.CompareTo(other.Running);
        if (order == 0)
            order = LastServed.CompareTo(other.LastServed);
        return order == 0 ? Tenant.Id.Value.CompareTo(other.Tenant.Id.Value) : order;
    }
}
