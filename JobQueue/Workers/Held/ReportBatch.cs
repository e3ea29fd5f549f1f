using JobQueue.Jobs.Model;

namespace JobQueue.Workers.Held;

/// <summary>Reports that go to the store in one write.</summary>
internal sealed record ReportBatch(JobProgress? Progress, IReadOnlyList<string> Lines);
