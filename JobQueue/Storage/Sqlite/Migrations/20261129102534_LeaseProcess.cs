using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JobQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LeaseProcess : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By SQL: a table that EF Core makes anew would be neither strict nor without row ids.
            migrationBuilder.Sql("ALTER TABLE leases ADD COLUMN process TEXT;");
            // A pool was named after its process.
            migrationBuilder.Sql("UPDATE leases SET process = worker WHERE in_process <> 0;");
            migrationBuilder.Sql("ALTER TABLE leases DROP COLUMN in_process;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE leases ADD COLUMN in_process INTEGER NOT NULL DEFAULT 0;");
            migrationBuilder.Sql("UPDATE leases SET in_process = process IS NOT NULL;");
            migrationBuilder.Sql("ALTER TABLE leases DROP COLUMN process;");
        }
    }
}
