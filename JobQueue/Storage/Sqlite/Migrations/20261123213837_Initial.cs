using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JobQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        /// <remarks>
        /// Small rows found by their whole key are stored in it (WITHOUT ROWID: one tree instead of two), which EF Core cannot say.
        /// </remarks>
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", nullable: true),
                    target = table.Column<string>(type: "TEXT", nullable: true),
                    detail = table.Column<string>(type: "TEXT", nullable: true),
                    remote_address = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.id);
                });

            migrationBuilder.Sql("""
                CREATE TABLE idempotency_keys (
                    tenant_id INTEGER NOT NULL,
                    key_hash BLOB NOT NULL,
                    request_hash BLOB NOT NULL,
                    job_id BLOB NOT NULL,
                    CONSTRAINT PK_idempotency_keys PRIMARY KEY (tenant_id, key_hash),
                    CONSTRAINT ck_idempotency_keys_hashes CHECK (length(key_hash) = 16 AND length(request_hash) = 16)
                ) STRICT, WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    lane_id = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<int>(type: "INTEGER", nullable: true),
                    priority = table.Column<int>(type: "INTEGER", nullable: false),
                    retries = table.Column<int>(type: "INTEGER", nullable: false),
                    max_retries = table.Column<int>(type: "INTEGER", nullable: false),
                    crashes = table.Column<int>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    timeout_seconds = table.Column<int>(type: "INTEGER", nullable: false),
                    run_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    worker = table.Column<string>(type: "TEXT", nullable: true),
                    idempotency_key = table.Column<string>(type: "TEXT", nullable: true),
                    tags = table.Column<string>(type: "TEXT", nullable: true),
                    trace_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    span_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    submitted_by = table.Column<string>(type: "TEXT", nullable: false),
                    error_message = table.Column<string>(type: "TEXT", nullable: true),
                    error_type = table.Column<string>(type: "TEXT", nullable: true),
                    result = table.Column<byte[]>(type: "BLOB", nullable: true),
                    original_payload = table.Column<byte[]>(type: "BLOB", nullable: true),
                    payload = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_jobs", x => x.id);
                    table.CheckConstraint("ck_jobs_finished", "(status = 0) = (finished_at IS NULL)");
                    table.CheckConstraint("ck_jobs_reason", "(status = 3) = (reason IS NOT NULL)");
                    table.CheckConstraint("ck_jobs_reason_known", "reason BETWEEN 1 AND 5");
                    table.CheckConstraint("ck_jobs_retries", "retries BETWEEN 0 AND max_retries");
                    table.CheckConstraint("ck_jobs_status", "status = 0 OR status = 2 OR status = 3");
                });

            migrationBuilder.Sql("""
                CREATE TABLE leases (
                    job_id BLOB NOT NULL,
                    tenant_id INTEGER NOT NULL,
                    lane_id INTEGER NOT NULL,
                    secret INTEGER NOT NULL,
                    attempt INTEGER NOT NULL,
                    worker TEXT NOT NULL,
                    in_process INTEGER NOT NULL,
                    started_at INTEGER NOT NULL,
                    expires_at INTEGER NOT NULL,
                    duration_milliseconds INTEGER NOT NULL,
                    cancel_requested_at INTEGER,
                    progress_percent REAL,
                    progress_message TEXT,
                    CONSTRAINT PK_leases PRIMARY KEY (job_id)
                ) STRICT, WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "meta",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_meta", x => x.key);
                });

            migrationBuilder.Sql("""
                CREATE TABLE minutes (
                    lane_id INTEGER NOT NULL,
                    minute INTEGER NOT NULL,
                    submitted INTEGER NOT NULL,
                    done INTEGER NOT NULL,
                    failed INTEGER NOT NULL,
                    retried INTEGER NOT NULL,
                    wait_milliseconds INTEGER NOT NULL,
                    started INTEGER NOT NULL,
                    run_milliseconds INTEGER NOT NULL,
                    CONSTRAINT PK_minutes PRIMARY KEY (lane_id, minute)
                ) STRICT, WITHOUT ROWID;
                """);

            migrationBuilder.Sql("""
                CREATE TABLE ready (
                    lane_id INTEGER NOT NULL,
                    rank INTEGER NOT NULL,
                    due_at INTEGER NOT NULL,
                    job_id BLOB NOT NULL,
                    CONSTRAINT PK_ready PRIMARY KEY (lane_id, rank, due_at, job_id)
                ) STRICT, WITHOUT ROWID;
                """);

            migrationBuilder.Sql("""
                CREATE TABLE scheduled (
                    due_at INTEGER NOT NULL,
                    job_id BLOB NOT NULL,
                    lane_id INTEGER NOT NULL,
                    rank INTEGER NOT NULL,
                    CONSTRAINT PK_scheduled PRIMARY KEY (due_at, job_id)
                ) STRICT, WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "tenants",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    max_concurrent = table.Column<int>(type: "INTEGER", nullable: true),
                    max_new_per_minute = table.Column<int>(type: "INTEGER", nullable: true),
                    max_pending = table.Column<int>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tenants", x => x.id);
                    table.CheckConstraint("ck_tenants_limits", "max_concurrent >= 0 AND max_new_per_minute >= 0 AND max_pending >= 0");
                });

            migrationBuilder.Sql("""
                CREATE TABLE attempts (
                    job_id BLOB NOT NULL,
                    number INTEGER NOT NULL,
                    worker TEXT,
                    started_at INTEGER NOT NULL,
                    finished_at INTEGER NOT NULL,
                    outcome INTEGER NOT NULL,
                    error_message TEXT,
                    error_type TEXT,
                    CONSTRAINT PK_attempts PRIMARY KEY (job_id, number),
                    CONSTRAINT ck_attempts_outcome CHECK (outcome BETWEEN 2 AND 5),
                    CONSTRAINT FK_attempts_jobs_job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
                ) STRICT, WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "dead_letters",
                columns: table => new
                {
                    job_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    lane_id = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<int>(type: "INTEGER", nullable: false),
                    error_message = table.Column<string>(type: "TEXT", nullable: false),
                    error_type = table.Column<string>(type: "TEXT", nullable: true),
                    fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    dead_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dead_letters", x => x.job_id);
                    table.CheckConstraint("ck_dead_letters_reason", "reason BETWEEN 1 AND 3");
                    table.ForeignKey(
                        name: "FK_dead_letters_jobs_job_id",
                        column: x => x.job_id,
                        principalTable: "jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.Sql("""
                CREATE TABLE job_logs (
                    job_id BLOB NOT NULL,
                    number INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    attempt INTEGER NOT NULL,
                    message TEXT NOT NULL,
                    CONSTRAINT PK_job_logs PRIMARY KEY (job_id, number),
                    CONSTRAINT FK_job_logs_jobs_job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
                ) STRICT, WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "lanes",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    queue = table.Column<string>(type: "TEXT", nullable: false),
                    type = table.Column<string>(type: "TEXT", nullable: false),
                    suspect = table.Column<bool>(type: "INTEGER", nullable: false),
                    pending = table.Column<int>(type: "INTEGER", nullable: false),
                    ready = table.Column<int>(type: "INTEGER", nullable: false),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    failed = table.Column<int>(type: "INTEGER", nullable: false),
                    dead = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_lanes", x => x.id);
                    table.CheckConstraint("ck_lanes_counters", "pending >= ready AND ready >= 0 AND done >= 0 AND failed >= dead AND dead >= 0");
                    table.ForeignKey(
                        name: "FK_lanes_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "paused_queues",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    paused_at = table.Column<long>(type: "INTEGER", nullable: false),
                    paused_by = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    until = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_paused_queues", x => new { x.tenant_id, x.name });
                    table.ForeignKey(
                        name: "FK_paused_queues_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "tokens",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    prefix = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    scopes = table.Column<string>(type: "TEXT", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_used_at = table.Column<long>(type: "INTEGER", nullable: true),
                    demo = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tokens", x => x.id);
                    table.CheckConstraint("ck_tokens_hash", "length(hash) = 32");
                    table.ForeignKey(
                        name: "FK_tokens_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    password_hash = table.Column<string>(type: "TEXT", nullable: false),
                    role = table.Column<string>(type: "TEXT", nullable: false),
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    disabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    demo = table.Column<bool>(type: "INTEGER", nullable: false),
                    stamp = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.id);
                    table.CheckConstraint("ck_users_role", "role IN ('member', 'operator', 'administrator')");
                    table.ForeignKey(
                        name: "FK_users_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_tenant",
                table: "audit",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_dead_at",
                table: "dead_letters",
                columns: new[] { "dead_at", "job_id" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_fingerprint",
                table: "dead_letters",
                columns: new[] { "tenant_id", "fingerprint", "dead_at" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_tenant",
                table: "dead_letters",
                columns: new[] { "tenant_id", "dead_at", "job_id" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_failed",
                table: "jobs",
                columns: new[] { "tenant_id", "id" },
                filter: "status = 3");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_tenant",
                table: "jobs",
                columns: new[] { "tenant_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_lanes",
                table: "lanes",
                columns: new[] { "tenant_id", "queue", "type", "suspect" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_tenants_name",
                table: "tenants",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tokens_tenant_id",
                table: "tokens",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ux_tokens_hash",
                table: "tokens",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_users_tenant_id",
                table: "users",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ux_users_name",
                table: "users",
                column: "name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "dead_letters");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "job_logs");

            migrationBuilder.DropTable(
                name: "lanes");

            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "meta");

            migrationBuilder.DropTable(
                name: "minutes");

            migrationBuilder.DropTable(
                name: "paused_queues");

            migrationBuilder.DropTable(
                name: "ready");

            migrationBuilder.DropTable(
                name: "scheduled");

            migrationBuilder.DropTable(
                name: "tokens");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropTable(
                name: "jobs");

            migrationBuilder.DropTable(
                name: "tenants");
        }
    }
}
