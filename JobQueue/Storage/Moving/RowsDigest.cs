using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace JobQueue.Storage.Moving;

/// <summary>Counts rows and sums them up, value by value, so that equal rows in the same order give the same and nothing else does.</summary>
internal sealed class RowsDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _prefix = new byte[5];
    private readonly byte[] _number = new byte[8];

    public long Count { get; private set; }

    public void Add(IReadOnlyList<object?> row)
    {
        foreach (var value in row)
            Add(value);
        Count++;
    }

    public MovedRows Of(string table) => new(table, Count, Convert.ToHexStringLower(_hash.GetCurrentHash()));

    public void Dispose() => _hash.Dispose();

    private void Add(object? value)
    {
        switch (value)
        {
            case null:
                Add(0, []);
                break;
            case int or long or bool or double:
                BinaryPrimitives.WriteInt64BigEndian(_number, value switch
                {
                    int number => number,
                    long number => number,
                    double number => BitConverter.DoubleToInt64Bits(number),
                    _ => (bool)value ? 1 : 0,
                });
                Add(1, _number);
                break;
            case string text:
                Add(2, Encoding.UTF8.GetBytes(text));
                break;
            case Guid id:
                Add(3, id.ToByteArray(bigEndian: true));
                break;
            default:
                Add(4, (byte[])value);
                break;
        }
    }

    private void Add(byte kind, ReadOnlySpan<byte> bytes)
    {
        _prefix[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(_prefix.AsSpan(1), bytes.Length);
        _hash.AppendData(_prefix);
        _hash.AppendData(bytes);
    }
}
