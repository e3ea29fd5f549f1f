using System.Buffers.Binary;
using System.Security.Cryptography;

namespace JobQueue.Access.Tokens;

/// <summary>
/// SHA-256 of a secret. A fast hash is enough: the secret has 256 random bits, so there is nothing to guess.
/// </summary>
internal readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    private const int Half = 16;

    public static TokenHash Read(ReadOnlySpan<byte> digest) => new(
        BinaryPrimitives.ReadUInt128BigEndian(digest[..Half]),
        BinaryPrimitives.ReadUInt128BigEndian(digest[Half..]));

    public byte[] ToByteArray()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(0, Half), High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(Half), Low);
        return bytes;
    }
}
