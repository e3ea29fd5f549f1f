using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JobQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LatestMinutes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "minute",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "minute_done",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "minute_failed",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "minute_retried",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "minute_run_milliseconds",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "minute_started",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "minute_submitted",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "minute_wait_milliseconds",
                table: "lanes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "minute",
                table: "lanes");

            migrationBuilder.DropColumn(
                name: "minute_done",
                table: "lanes");

            migrationBuilder.DropColumn(
                name: "minute_failed",
                table: "lanes");

            migrationBuilder.DropColumn(
                name: "minute_retried",
                table: "lanes");

            migrationBuilder.DropColumn(
                name: "minute_run_milliseconds",
                table: "lanes");

            migrationBuilder.DropColumn(
                name: "minute_started",
                table: "lanes");

            migrationBuilder.DropColumn(
                name: "minute_submitted",
                table: "lanes");

            migrationBuilder.DropColumn(
                name: "minute_wait_milliseconds",
                table: "lanes");
        }
    }
}
