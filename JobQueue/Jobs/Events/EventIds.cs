using System.Buffers.Text;
using System.Security.Cryptography;

namespace JobQueue.Jobs.Events;

/// <summary>
/// Turns places in the stream of events into the ids that callers see, and back: encrypted, since numbers would tell how much goes
/// on with other tenants. Whoever has the key reads the ids of the others. Thread-safe.
/// </summary>
/// <remarks>
/// A tag over the place is the initialisation vector of its encryption (as SIV does it): the same place has the same id, and what
/// others made up is told from an id.
/// </remarks>
internal sealed class EventIds : IDisposable
{
    public const int KeyBytes = 32;

    /// <summary>What follows says something else in a later version.</summary>
    private const byte Version = 1;
    private const byte Nowhere = 0;
    private const byte Somewhere = 1;
    private const int TagBytes = 16;
    private const int SaltBytes = 8;

    /// <summary>Longer than any that is given out.</summary>
    private const int MaxLength = 16_384;

    private readonly Aes _cipher = Aes.Create();
    private readonly byte[] _tagKey;
    private readonly Lock _lock = new();

    /// <param name="key"><see cref="KeyBytes"/> secret ones.</param>
    public EventIds(byte[] key)
    {
        _cipher.Key = HMACSHA256.HashData(key, "event ids: cipher"u8);
        _tagKey = HMACSHA256.HashData(key, "event ids: tag"u8);
    }

    /// <param name="position"><see langword="null"/> for a place that is not known: who resumes there is told of a gap.</param>
    public string Of(EventPosition? position) => Hide(position, salted: false);

    /// <summary>An id that does not tell whether its place is that of another.</summary>
    public string SaltedOf(EventPosition position) => Hide(position, salted: true);

    /// <summary>The place of one who has seen the event of that id; <see langword="null"/> when nobody can tell.</summary>
    public EventPosition? Read(string id)
    {
        if (id.Length > MaxLength || !Base64Url.IsValid(id, out var length) || length <= TagBytes)
            return null;
        var bytes = Base64Url.DecodeFromChars(id);
        byte[] plain;
        try
        {
            lock (_lock)
                plain = _cipher.DecryptCbc(bytes.AsSpan(TagBytes), bytes.AsSpan(0, TagBytes));
        }
        catch (CryptographicException)
        {
            return null;
        }

        if (!CryptographicOperations.FixedTimeEquals(TagOf(plain), bytes.AsSpan(0, TagBytes)) || plain is not [Version, Somewhere, ..])
            return null;
        using var reader = new BinaryReader(new MemoryStream(plain, 2, plain.Length - 2));
        return EventPosition.Read(reader);
    }

    public void Dispose() => _cipher.Dispose();

    private string Hide(EventPosition? position, bool salted)
    {
        using var stream = new MemoryStream(64);
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(position is null ? Nowhere : Somewhere);
        position?.Write(writer);
        if (salted)
            writer.Write(RandomNumberGenerator.GetBytes(SaltBytes));
        writer.Flush();
        var plain = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        var tag = TagOf(plain);
        byte[] hidden;
        lock (_lock)
            hidden = _cipher.EncryptCbc(plain, tag);
        return Base64Url.EncodeToString([.. tag, .. hidden]);
    }

    private byte[] TagOf(ReadOnlySpan<byte> plain) => HMACSHA256.HashData(_tagKey, plain)[..TagBytes];
}
