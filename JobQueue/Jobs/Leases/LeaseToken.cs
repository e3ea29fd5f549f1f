using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Leases;

/// <summary>
/// The right to work on one attempt of a job. Every write about a running job carries it and changes nothing when it is not
/// the current one (fencing).
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Secret">63 random bits, new for every lease.</param>
public readonly record struct LeaseToken(JobId Job, long Secret)
{
    private const int Size = JobId.Size + sizeof(long);
    private const int TextLength = Size / 3 * 4;

    /// <summary>32 characters, safe in a URL.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Job.Write(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[JobId.Size..], Secret);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out LeaseToken token)
    {
        Span<byte> bytes = stackalloc byte[Size];
        token = default;
        // The Try method of Base64Url throws at characters that are none of its own.
        if (text.Length != TextLength
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Size)
        {
            return false;
        }

        token = new LeaseToken(JobId.Read(bytes[..JobId.Size]), BinaryPrimitives.ReadInt64BigEndian(bytes[JobId.Size..]));
        return true;
    }
}
