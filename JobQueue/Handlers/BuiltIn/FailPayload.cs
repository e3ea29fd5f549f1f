using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JobQueue.Handlers.BuiltIn;

internal sealed record FailPayload(
    [Description("What the error says.")]
    string? Message = null,
    [Description("How many attempts fail; all of them when absent."), Range(0, int.MaxValue)]
    int? Times = null,
    [Description("Whether the failure goes to the dead letter queue at once.")]
    bool Permanent = false);
