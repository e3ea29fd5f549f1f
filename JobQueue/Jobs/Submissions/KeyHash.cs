using System.Security.Cryptography;
using System.Text;

namespace JobQueue.Jobs.Submissions;

/// <summary>What an idempotency key is found by. Pure.</summary>
internal static class KeyHash
{
    /// <summary>The first 16 bytes of the key's SHA-256: short in the index, and too many to collide.</summary>
    public static byte[] Of(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key))[..16];
}
