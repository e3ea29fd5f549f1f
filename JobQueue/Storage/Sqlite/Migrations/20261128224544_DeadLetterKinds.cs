using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JobQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class DeadLetterKinds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "dead_letter_kinds",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    count = table.Column<int>(type: "INTEGER", nullable: false),
                    first_dead_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_dead_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dead_letter_kinds", x => new { x.tenant_id, x.fingerprint });
                    table.CheckConstraint("ck_dead_letter_kinds_count", "count > 0");
                });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letter_kinds_last",
                table: "dead_letter_kinds",
                columns: new[] { "last_dead_at", "fingerprint", "tenant_id" });

            migrationBuilder.CreateIndex(
                name: "ix_dead_letter_kinds_tenant",
                table: "dead_letter_kinds",
                columns: new[] { "tenant_id", "last_dead_at", "fingerprint" });

            migrationBuilder.Sql("""
                INSERT INTO dead_letter_kinds (tenant_id, fingerprint, count, first_dead_at, last_dead_at)
                SELECT tenant_id, fingerprint, count(*), min(dead_at), max(dead_at) FROM dead_letters GROUP BY tenant_id, fingerprint;
                """);
            migrationBuilder.Sql("""
                CREATE TRIGGER dead_letters_counted AFTER INSERT ON dead_letters BEGIN
                    INSERT INTO dead_letter_kinds (tenant_id, fingerprint, count, first_dead_at, last_dead_at)
                    VALUES (NEW.tenant_id, NEW.fingerprint, 1, NEW.dead_at, NEW.dead_at)
                    ON CONFLICT (tenant_id, fingerprint) DO UPDATE SET
                        count = count + 1,
                        first_dead_at = min(first_dead_at, excluded.first_dead_at),
                        last_dead_at = max(last_dead_at, excluded.last_dead_at);
                END;
                """);
            migrationBuilder.Sql("""
                CREATE TRIGGER dead_letters_uncounted AFTER DELETE ON dead_letters BEGIN
                    DELETE FROM dead_letter_kinds WHERE tenant_id = OLD.tenant_id AND fingerprint = OLD.fingerprint AND count = 1;
                    UPDATE dead_letter_kinds SET
                        count = count - 1,
                        first_dead_at = (SELECT min(dead_at) FROM dead_letters WHERE tenant_id = OLD.tenant_id AND fingerprint = OLD.fingerprint),
                        last_dead_at = (SELECT max(dead_at) FROM dead_letters WHERE tenant_id = OLD.tenant_id AND fingerprint = OLD.fingerprint)
                    WHERE tenant_id = OLD.tenant_id AND fingerprint = OLD.fingerprint;
                END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER dead_letters_uncounted; DROP TRIGGER dead_letters_counted;");
            migrationBuilder.DropTable(
                name: "dead_letter_kinds");
        }
    }
}
