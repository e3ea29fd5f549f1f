namespace JobQueue.Access.Sessions;

/// <summary>How many tries each key has: some at once, and one more after each interval. Not thread-safe.</summary>
/// <param name="maxKeys">Keys are strangers' input: no more than so many are remembered.</param>
internal sealed class TryAllowance<TKey>(TryRate rate, int maxKeys)
    where TKey : notnull
{
    /// <summary>When each key has all its tries back.</summary>
    private readonly Dictionary<TKey, TimeSpan> _fullAt = [];

    /// <summary>Keys remembered.</summary>
    public int Count => _fullAt.Count;

    /// <summary>How long the key has no try left; zero when it has one.</summary>
    public TimeSpan WaitAt(TimeSpan now, TKey key) =>
        _fullAt.TryGetValue(key, out var fullAt) ? rate.Wait(fullAt - now) : TimeSpan.Zero;

    public void Take(TimeSpan now, TKey key)
    {
        if (_fullAt.Count >= maxKeys && !_fullAt.ContainsKey(key))
            Forget(now);
        _fullAt[key] = (_fullAt.TryGetValue(key, out var fullAt) && fullAt > now ? fullAt : now) + rate.Every;
    }

    public void GiveBack(TKey key)
    {
        if (_fullAt.TryGetValue(key, out var fullAt))
            _fullAt[key] = fullAt - rate.Every;
    }

    /// <summary>All tries come back.</summary>
    public void Forgive(TKey key) => _fullAt.Remove(key);

    /// <summary>Those that have all tries back; when there are none, the quarter that would have them back first.</summary>
    private void Forget(TimeSpan now)
    {
        var gone = _fullAt.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList();
        if (gone.Count == 0)
            gone = _fullAt.OrderBy(entry => entry.Value).Take((maxKeys + 3) / 4).Select(entry => entry.Key).ToList();
        gone.ForEach(key => _fullAt.Remove(key));
    }
}
