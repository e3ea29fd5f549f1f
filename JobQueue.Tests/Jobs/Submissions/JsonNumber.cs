using System.Numerics;

namespace JobQueue.Tests.Jobs.Submissions;

/// <summary>mantissa × 10^exponent.</summary>
internal sealed record JsonNumber(BigInteger Mantissa, int Exponent)
{
    public JsonNumber Normal
    {
        get
        {
            if (Mantissa.IsZero)
                return new JsonNumber(0, 0);
            var (mantissa, exponent) = (Mantissa, Exponent);
            for (; mantissa % 10 == 0; exponent++)
                mantissa /= 10;
            return new JsonNumber(mantissa, exponent);
        }
    }
}
