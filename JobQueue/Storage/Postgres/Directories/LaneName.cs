namespace JobQueue.Storage.Postgres.Directories;

internal readonly record struct LaneName(int TenantId, string Queue, string Type, bool Suspect);
