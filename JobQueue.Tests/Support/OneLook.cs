using System.Collections;

namespace JobQueue.Tests.Support;

/// <summary>A set that holds a name at the first look and never again: as if it were changed by somebody else.</summary>
internal sealed class OneLook(string name) : IReadOnlySet<string>
{
    public int Looks { get; private set; }

    public int Count => 1;

    public bool Contains(string item) => item == name && Looks++ == 0;

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)[name]).GetEnumerator();

    public bool IsProperSubsetOf(IEnumerable<string> other) => throw new NotSupportedException();

    public bool IsProperSupersetOf(IEnumerable<string> other) => throw new NotSupportedException();

    public bool IsSubsetOf(IEnumerable<string> other) => throw new NotSupportedException();

    public bool IsSupersetOf(IEnumerable<string> other) => throw new NotSupportedException();

    public bool Overlaps(IEnumerable<string> other) => throw new NotSupportedException();

    public bool SetEquals(IEnumerable<string> other) => throw new NotSupportedException();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
