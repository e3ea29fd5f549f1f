using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JobQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class WaitsInSeconds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "wait_milliseconds",
                table: "scheduled",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "default_max_retries",
                table: "idempotency_keys",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "wait_milliseconds",
                table: "scheduled");

            migrationBuilder.DropColumn(
                name: "default_max_retries",
                table: "idempotency_keys");
        }
    }
}
