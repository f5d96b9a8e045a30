using System.Globalization;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Cli.Tests;

public sealed class KeyCommandTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task who_has_no_name_is_told_to_say_one_and_nothing_is_made()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        foreach (var command in new[]
        {
            new[] { "key", "create", "--name", "lane-1", "--role", "worker" },
            ["kill-switch", "engage", "--reason", "incident"],
        })
        {
            var refused = await AskAsync(database, 2, [.. command, "--actor", ""]);
            Assert.Equal("actor_missing", refused.Text("error", "code"));
            Assert.Contains("--actor", refused.Text("error", "message"), StringComparison.Ordinal);
        }

        Assert.Empty(((JsonArray)(await AskAsync(database, 0, "key", "list", "--actor", "")).Document["keys"]!).Elements);
    }

    [Fact]
    public async Task a_key_is_made_and_shown_once_listed_and_revoked_once()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var made = await AskAsync(
            database, 0, "key", "create", "--name", "lane-1", "--role", "worker", "--expires-in", "90d", "--actor", "anna");
        Assert.Matches("^jq_[A-Za-z0-9_-]{43}$", made.Text("key"));
        Assert.Equal(
            ["key", "key_id", "name", "role", "status", "created_at", "created_by", "expires_at", "revoked_at"],
            made.Document.Members.Select(one => one.Key));
        Assert.Equal(
            ("lane-1", "worker", "valid", "anna"), (made.Text("name"), made.Text("role"), made.Text("status"), made.Text("created_by")));
        Assert.Equal(TimeSpan.FromDays(90), InstantOf(made, "expires_at") - InstantOf(made, "created_at"));
        var plain = await JanusqProgram.RunAsync(
            "key", "create", "--name", "anna", "--role", "approver", "--connection", database.ConnectionString);
        Assert.Matches("^jq_[A-Za-z0-9_-]{43}\n$", plain.Output.ReplaceLineEndings("\n"));

        var listed = await AskAsync(database, 0, "key", "list");
        Assert.DoesNotContain("jq_", listed.Output, StringComparison.Ordinal);
        var keys = ((JsonArray)listed.Document["keys"]!).Elements.Cast<JsonObject>().ToArray();
        Assert.Equal(
            ["lane-1 worker", "anna approver"], keys.Select(key => $"{((JsonText)key["name"]!).Value} {((JsonText)key["role"]!).Value}"));
        Assert.Equal("null", keys[1]["expires_at"]!.ToString());

        var id = made.Text("key_id");
        Assert.Equal("revoked", (await AskAsync(database, 0, "key", "revoke", id)).Text("outcome"));
        Assert.Equal(("unchanged", "revoked"), await AskAsync(database, 0, "key", "revoke", id) is { } again
            ? (again.Text("outcome"), again.Text("status"))
            : default);
        Assert.Equal("unknown_key", (await AskAsync(database, 3, "key", "revoke", "key-000000000000")).Text("error", "code"));
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(
            "select string_agg(k::text, ' ') || (select count(*) from janusq.mt_events) from janusq.api_key k");
        var kept = (string)(await command.ExecuteScalarAsync(Cancellation))!;
        Assert.DoesNotContain(made.Text("key")[3..], kept, StringComparison.Ordinal);
        Assert.EndsWith("0", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_is_no_key_is_not_understood()
    {
        foreach (var arguments in new string[][]
        {
            ["create", "--role", "worker"], ["create", "--name", "a"], ["create", "--name", "a", "--role", "king"],
            ["create", "--name", "", "--role", "worker"],
            ["create", "--name", "a b", "--role", "worker"], ["create", "--name", "a\u0430", "--role", "worker"],
            ["create", "--name", new string('a', 101), "--role", "worker"],
            ["create", "--name", "a", "--role", "worker", "--expires-in", "0d"],
            ["create", "--name", "a", "--role", "worker", "--expires-in", "soon"], ["revoke"], ["log", "--limit", "0"],
            ["log", "--limit", "10001"],
            ["log", "--limit", "x"],
        })
        {
            Assert.Equal(2, (await JanusqProgram.RunAsync(["key", .. arguments, "--connection", "Host=127.0.0.1;Port=1"])).ExitCode);
        }
    }

    [Fact]
    public async Task refused_requests_are_shown_newest_first()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await new SecurityLog(source).AddAsync([.. Enumerable.Range(0, 60).Select(Entry)], Cancellation);
        Assert.Equal(50, Entries(await AskAsync(database, 0, "key", "log")).Length);
        var entries = Entries(await AskAsync(database, 0, "key", "log", "--limit", "2"));
        Assert.Equal(["/v1/59", "/v1/58"], entries.Select(one => ((JsonText)one["path"]!).Value));
        Assert.Equal(
            ["refused_at", "status", "code", "actor", "role", "key_name", "address", "method", "path", "correlation_id"],
            entries[0].Members.Select(one => one.Key));
        var table = await JanusqProgram.RunAsync("key", "log", "--limit", "1", "--connection", database.ConnectionString);
        Assert.Contains("GET /v1/59", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', table.Output);
    }

    private static SecurityEntry Entry(int number) => new()
    {
        RefusedAt = new DateTimeOffset(2026, 2, 25, 6, 0, 0, TimeSpan.Zero),
        Status = 403,
        Code = "not_authorised",
        Actor = "lane-1",
        Role = "worker",
        KeyName = "lane-1",
        Address = "127.0.0.1\u001b[2J",
        Method = "GET",
        Path = string.Create(CultureInfo.InvariantCulture, $"/v1/{number}"),
        CorrelationId = "c",
    };

    private static JsonObject[] Entries(ProgramAnswer answer) => [.. ((JsonArray)answer.Document["entries"]!).Elements.Cast<JsonObject>()];

    private static DateTimeOffset InstantOf(ProgramAnswer answer, string member) =>
        DateTimeOffset.Parse(answer.Text(member), CultureInfo.InvariantCulture);

    private static async Task<ProgramAnswer> AskAsync(TestDatabase database, int exitCode, params string[] arguments)
    {
        var answer = await JanusqProgram.RunAsync([.. arguments, "--output", "json", "--connection", database.ConnectionString]);
        Assert.True(answer.ExitCode == exitCode, answer.Error);
        return answer;
    }
}
