using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Support;

internal sealed record Report(JobId Job, JobProgress? Progress, IReadOnlyList<string> Lines);
