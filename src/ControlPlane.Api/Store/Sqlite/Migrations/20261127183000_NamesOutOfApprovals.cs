using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ControlPlane.Api.Store.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class NamesOutOfApprovals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "DecidedByName",
                table: "approval_requests");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "DecidedByName",
                table: "approval_requests",
                type: "TEXT",
                nullable: true);
        }
    }
}
