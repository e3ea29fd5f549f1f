using System.Security.Cryptography;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>Random numbers that nobody can guess. Thread-safe.</summary>
internal sealed class RandomBits
{
    /// <summary>63 bits.</summary>
    public long Next()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToInt64(bytes) & long.MaxValue;
    }

    /// <summary>Evenly spread in [0, 1).</summary>
    public double NextUnit() => (Next() >> 10) * (1.0 / (1L << 53));
}
