namespace JobQueue.Api.Requests;

/// <summary>Which fields of one object were met already.</summary>
internal struct FieldSet
{
    private ulong _bits;

    /// <summary>False when the field is in the set already.</summary>
    public bool Add(int number)
    {
        var bit = 1UL << number;
        var isNew = (_bits & bit) == 0;
        _bits |= bit;
        return isNew;
    }
}
