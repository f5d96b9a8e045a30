using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Cli.Tests;

public sealed class DatabaseCommandTests(PostgreSqlFixture postgreSql)
{
    private static readonly Dictionary<string, string?> NothingAccepted = new() { ["JANUSQ_ACCEPT"] = null };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_database_is_migrated_once_by_two_programs_at_the_same_time_and_then_is_as_expected()
    {
        await using var database = await postgreSql.NewDatabaseAsync();
        var before = await AskAsync(database, "db", "status");
        Assert.Equal((0, "0"), (before.ExitCode, ((JsonObject)before.Document["schema"]!)["migration"]!.ToString()));
        Assert.Contains("schema_missing", CodesOf(before));
        var refused = await AskAsync(database, "candidate", "list");
        Assert.Equal((1, "schema_missing"), (refused.ExitCode, refused.Text("error", "code")));

        var migrated = await Task.WhenAll(AskAsync(database, "db", "migrate"), AskAsync(database, "db", "migrate"));
        Assert.All(
            migrated, one => Assert.Equal((0, $"{Migration.Shipped.Length}"), (one.ExitCode, one.Document["migration"]!.ToString())));
        Assert.Equal(
            Migration.Shipped.Select(step => step.Name),
            migrated.SelectMany(one => ((JsonArray)one.Document["applied"]!).Elements).Select(name => ((JsonText)name).Value).Order(
                StringComparer.Ordinal));

        var expected = await AskAsync(database, "db", "assert");
        Assert.Equal((0, "true"), (expected.ExitCode, expected.Document["equal"]!.ToString()));
        var status = (JsonObject)(await AskAsync(database, "db", "status")).Document["schema"]!;
        Assert.Equal($"{Migration.Shipped.Length}", status["migration"]!.ToString());
        Assert.Equal(Migration.Shipped.Length, ((JsonArray)status["applied"]!).Count);
    }

    [Fact]
    public async Task what_is_not_as_expected_is_said_and_ends_with_an_integrity_violation()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await RunAsync(
            database,
            "drop trigger append_only on janusq.mt_events; update janusq.migration set sha256 = repeat('0', 64) where number = 2");
        var asserted = await AskAsync(database, "db", "assert");
        Assert.Equal((5, "false"), (asserted.ExitCode, asserted.Document["equal"]!.ToString()));
        var kinds = ((JsonArray)asserted.Document["differences"]!).Elements.Select(one => ((JsonText)((JsonObject)one)["kind"]!).Value)
            .ToArray();
        Assert.Equal(["migration", "missing"], kinds);
        var migrating = await AskAsync(database, "db", "migrate");
        Assert.Equal((5, "migration_changed"), (migrating.ExitCode, migrating.Text("error", "code")));
    }

    [Fact]
    public async Task a_named_database_is_refused_for_each_risk_that_is_not_accepted_and_status_says_all_of_them()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        string[] list =
        [
            "candidate", "list", "--connection", $"{database.ConnectionString};Options=-c synchronous_commit=off", "--output", "json"
        ];
        var forgetful = await JanusqProgram.RunAsync(NothingAccepted, list);
        Assert.Equal((1, "server_not_durable"), (forgetful.ExitCode, forgetful.Text("error", "code")));
        var owning = await JanusqProgram.RunAsync(NothingAccepted, [.. list, "--accept", "volatile-server"]);
        Assert.Equal((1, "role_can_change_events"), (owning.ExitCode, owning.Text("error", "code")));
        foreach (var both in new string[][] { ["volatile-server", "--accept", "owner-connection"], ["volatile-server,owner-connection"] })
            Assert.Equal(0, (await JanusqProgram.RunAsync(NothingAccepted, [.. list, "--accept", .. both])).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync(NothingAccepted, [.. list, "--accept", "everything"])).ExitCode);

        var status = await JanusqProgram.RunAsync(NothingAccepted, ["db", "status", .. list[2..], "--accept", "owner-connection"]);
        Assert.Equal(0, status.ExitCode);
        var warnings = ((JsonArray)status.Document["warnings"]!).Elements.Cast<JsonObject>().ToArray();
        Assert.Equal(
            [("\"server_not_durable\"", "true"), ("\"role_can_change_events\"", "false")],
            warnings.Select(one => (one["code"]!.ToString(), one["refused"]!.ToString())));
        Assert.Equal("true", ((JsonObject)status.Document["ledger"]!)["exists"]!.ToString());
    }

    private static IEnumerable<string> CodesOf(ProgramAnswer status) =>
        ((JsonArray)status.Document["warnings"]!).Elements.Select(one => ((JsonText)((JsonObject)one)["code"]!).Value);

    private static Task<ProgramAnswer> AskAsync(TestDatabase database, params string[] arguments) =>
        JanusqProgram.RunAsync([.. arguments, "--output", "json", "--connection", database.ConnectionString]);

    private static async Task RunAsync(TestDatabase database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
