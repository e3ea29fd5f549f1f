using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JobQueue.Handlers.BuiltIn;

internal sealed record SleepPayload(
    [Description("How long; fractions count."), Range(0.0, SleepPayload.MaxSeconds)]
    double Seconds,
    [Description("How often progress is reported."), Range(1, SleepPayload.MaxSteps), DefaultValue(SleepPayload.DefaultSteps)]
    int? Steps = null)
{
    public const double MaxSeconds = 86_400;
    public const int MaxSteps = 1_000;
    public const int DefaultSteps = 10;
}
