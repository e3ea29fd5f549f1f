using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Support;

internal sealed record Settlement(JobId Job, JobOutcome Outcome);
