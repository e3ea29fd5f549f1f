using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JobQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ListIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_failed",
                table: "jobs");

            migrationBuilder.CreateIndex(
                name: "ix_scheduled_lane",
                table: "scheduled",
                column: "lane_id");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_failed",
                table: "jobs",
                columns: new[] { "status", "tenant_id", "id" },
                filter: "status = 3");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_failed_all",
                table: "jobs",
                columns: new[] { "status", "id" },
                filter: "status = 3");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_scheduled_lane",
                table: "scheduled");

            migrationBuilder.DropIndex(
                name: "ix_jobs_failed",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_failed_all",
                table: "jobs");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_failed",
                table: "jobs",
                columns: new[] { "tenant_id", "id" },
                filter: "status = 3");
        }
    }
}
