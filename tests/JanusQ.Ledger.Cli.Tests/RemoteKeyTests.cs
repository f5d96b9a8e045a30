using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary><c>janusq key</c> against a server.</summary>
public sealed class RemoteKeyTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task keys_are_made_listed_and_taken_back_over_a_server_as_on_a_database()
    {
        await using var served = await StartAsync();
        var (text, admin) = await served.Ledger.Keys.CreateAsync("ada", "admin", null, "the-operator", Cancellation);
        var ada = text[3..];
        var made = await served.AskAsync(0, ada, "key", "create", "--name", "lane-1", "--role", "worker", "--expires-in", "90d");
        var local = await served.LocallyAsync(0, "key", "create", "--name", "lane-2", "--role", "worker", "--actor", "ada");
        Assert.Equal(local.Document.Members.Select(one => one.Key), made.Document.Members.Select(one => one.Key));
        Assert.Equal(
            ("lane-1", "worker", "valid", "ada"),
            (made.Text("name"), made.Text("role"), made.Text("status"), made.Text("created_by")));
        Assert.Matches("^jq_[A-Za-z0-9_-]{43}$", made.Text("key"));
        Assert.DoesNotContain(made.Text("key"), made.Error, StringComparison.Ordinal);
        await served.AskAsync(0, made.Text("key")[3..], "candidate", "list");

        Assert.Equal((await served.LocallyAsync(0, "key", "list")).Output, (await served.AskAsync(0, ada, "key", "list")).Output);
        var table = await JanusqProgram.RunAsync("key", "list", "--server", served.Address, "--key", text);
        Assert.Equal((await JanusqProgram.RunAsync("key", "list", "--connection", served.ConnectionString)).Output, table.Output);
        Assert.Contains("lane-2", table.Output, StringComparison.Ordinal);

        var id = made.Text("key_id");
        var revoked = await served.AskAsync(0, ada, "key", "revoke", id);
        Assert.Equal(("revoked", id, "revoked"), (revoked.Text("outcome"), revoked.Text("key_id"), revoked.Text("status")));
        var again = await served.AskAsync(0, ada, "key", "revoke", id);
        Assert.Equal((await served.LocallyAsync(0, "key", "revoke", id)).Output, again.Output);
        Assert.Equal("unknown_key", (await served.AskAsync(3, ada, "key", "revoke", "key-000000000000")).Text("error", "code"));
        Assert.Equal("not_authenticated", (await served.AskAsync(6, made.Text("key")[3..], "candidate", "list")).Text("error", "code"));
        Assert.Equal("not_authorised", (await served.AskAsync(6, local.Text("key")[3..], "key", "list")).Text("error", "code"));

        var log = await served.AskAsync(0, ada, "key", "log", "--limit", "1");
        Assert.Equal((await served.LocallyAsync(0, "key", "log", "--limit", "1")).Output, log.Output);
        Assert.Equal("/v1/keys", ((JsonText)((JsonObject)((JsonArray)log.Document["entries"]!).Elements[0])["path"]!).Value);

        var own = await served.AskAsync(0, ada, "key", "revoke", admin.KeyId);
        Assert.Equal((JsonBoolean.True, "0"), (own.Document["own_key"], own.Document["admin_keys_left"]!.ToString()));
        Assert.Contains("this is the key of this very call", own.Error, StringComparison.Ordinal);
        Assert.Contains("no key of the role admin is left", own.Error, StringComparison.Ordinal);
        Assert.Equal("not_authenticated", (await served.AskAsync(6, ada, "key", "list")).Text("error", "code"));
    }

    [Fact]
    public async Task only_the_making_of_a_key_takes_a_role_beside_that_of_the_callers_key()
    {
        string[] to = ["--output", "json", "--server", "http://127.0.0.1:1", "--key", "jq_none"];
        var listing = await JanusqProgram.RunAsync(["key", "list", "--role", "admin", .. to]);
        Assert.Equal((2, "actor_not_taken"), (listing.ExitCode, listing.Text("error", "code")));
        var acting = await JanusqProgram.RunAsync(["key", "create", "--name", "a", "--role", "worker", "--actor", "me", .. to]);
        Assert.Equal((2, "actor_not_taken"), (acting.ExitCode, acting.Text("error", "code")));
        var making = await JanusqProgram.RunAsync(["key", "create", "--name", "a", "--role", "worker", .. to]);
        Assert.Equal((1, "server_unavailable"), (making.ExitCode, making.Text("error", "code")));
    }

    private Task<ServedLedger> StartAsync() =>
        ServedLedger.StartAsync(postgreSql, keys: ledger => new StoredKeyHolders(ledger.Keys, TimeSpan.Zero, TimeProvider.System));
}
