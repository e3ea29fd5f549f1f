using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JobQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Targets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "target",
                table: "jobs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "breakers",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    target = table.Column<string>(type: "TEXT", nullable: false),
                    failures = table.Column<int>(type: "INTEGER", nullable: false),
                    first_failed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    error_type = table.Column<string>(type: "TEXT", nullable: false),
                    pause_milliseconds = table.Column<long>(type: "INTEGER", nullable: false),
                    known_at = table.Column<long>(type: "INTEGER", nullable: false),
                    rest_milliseconds = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_breakers", x => new { x.tenant_id, x.target });
                    table.CheckConstraint("ck_breakers_counters", "failures > 0 AND pause_milliseconds >= 0 AND rest_milliseconds >= 0");
                });

            migrationBuilder.CreateTable(
                name: "sidings",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    lane_id = table.Column<int>(type: "INTEGER", nullable: false),
                    target = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sidings", x => x.id);
                    table.CheckConstraint("ck_sidings_id", "id < 0");
                });

            migrationBuilder.CreateIndex(
                name: "ux_sidings",
                table: "sidings",
                columns: new[] { "lane_id", "target" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "breakers");

            migrationBuilder.DropTable(
                name: "sidings");

            migrationBuilder.DropColumn(
                name: "target",
                table: "jobs");
        }
    }
}
