using JanusQ.Ledger.Access;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Access;

/// <summary>
/// Keys and the security log are kept for good, by the program's role as by the owner, and compliance sees nothing of them.
/// </summary>
public sealed class AccessRoleTests(PostgreSqlFixture postgres)
{
    private const string AppendOnly = "JQ001";

    private static readonly string[] Forbidden =
    [
        "delete from janusq.api_key", "truncate janusq.api_key", "update janusq.api_key set role = 'admin'",
        "update janusq.api_key set sha256 = sha256",
        "update janusq.api_key set expires_at = null", "update janusq.api_key set name = 'b'", "update janusq.security_log set code = 'b'",
        "delete from janusq.security_log", "truncate janusq.security_log",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static SecurityEntry AnEntry => new()
    {
        RefusedAt = DateTimeOffset.UnixEpoch,
        Status = 401,
        Code = "key_unknown",
        Method = "GET\0\u001b",
        Path = "/" + new string('\u0430', 600) + "\ud800",
        CorrelationId = "c",
    };

    [Fact]
    public async Task the_programs_role_makes_finds_and_revokes_keys_and_changes_nothing_else()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await using var program = await ALogin.MakeAsync(ledger.ConnectionString, "in role janusq_app");
        await using var source = NpgsqlDataSource.Create(program.ConnectionString);
        var keys = new ApiKeys(source, TimeProvider.System);
        Assert.False(await keys.AnyAsync(Cancellation));
        var (text, key) = await keys.CreateAsync("lane-1", "worker", TimeSpan.FromDays(1), "anna", Cancellation);
        var (other, _) = await keys.CreateAsync("lane-1", "worker", null, "anna", Cancellation);
        Assert.NotEqual(text, other);
        Assert.Equal(key, await keys.FindAsync(ApiKeyText.HashOf(text), Cancellation));
        Assert.Null(await keys.FindAsync(ApiKeyText.HashOf(text + " "), Cancellation));
        var log = new SecurityLog(source);
        await log.AddAsync([AnEntry, AnEntry], Cancellation);

        foreach (var sql in Forbidden.Concat(["drop table janusq.api_key", "alter table janusq.api_key disable trigger all"]))
            Assert.True(await program.TryAsync(sql) == PostgresErrorCodes.InsufficientPrivilege, sql);
        foreach (var sql in Forbidden)
            Assert.True((await Assert.ThrowsAsync<PostgresException>(() => ledger.ExecuteAsync(sql))).SqlState == AppendOnly, sql);

        var (revoked, now) = await keys.RevokeAsync(key.KeyId, Cancellation);
        Assert.Equal((true, ApiKey.Revoked), (now, revoked.StatusAt(DateTimeOffset.MinValue)));
        Assert.Equal((revoked, false), await keys.RevokeAsync(key.KeyId, Cancellation));
        foreach (var sql in new[] { "update janusq.api_key set revoked_at = null", "update janusq.api_key set revoked_at = now()" })
            Assert.Equal(AppendOnly, await program.TryAsync(sql + $" where key_id = '{key.KeyId}'"));
        Assert.Equal(
            "unknown_key", (await Assert.ThrowsAsync<RefusedException>(() => keys.RevokeAsync("key-1", Cancellation))).Refusal.Code);
        Assert.Equal(2, (await keys.ListAsync(Cancellation)).Length);
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"));
    }

    [Fact]
    public async Task compliance_sees_neither()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await using var compliance = await ALogin.MakeAsync(ledger.ConnectionString, "in role janusq_compliance");
        foreach (var table in new[] { "api_key", "security_log" })
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await compliance.TryAsync($"select * from janusq.{table}"));
    }

    [Fact]
    public async Task texts_of_a_request_are_cut_and_printable()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SecurityLog.AddAsync([AnEntry], Cancellation);
        var entry = Assert.Single(await ledger.Host.SecurityLog.LatestAsync(10, Cancellation));
        Assert.Equal(("GET\ufffd\ufffd", "/" + new string('\u0430', 499), null), (entry.Method, entry.Path, entry.Actor));
        Assert.Equal(AnEntry, entry);
    }

    [Theory]
    [InlineData("", "worker", 1, "name")]
    [InlineData("-a", "worker", 1, "name")]
    [InlineData("a b", "worker", 1, "name")]
    [InlineData("a\n", "worker", 1, "name")]
    [InlineData("a", "king", 1, "role")]
    [InlineData("a", "Worker", 1, "role")]
    [InlineData("a", "worker", 0, "expires_in")]
    public async Task what_is_no_key_is_refused(string name, string role, int seconds, string field)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => ledger.Host.Keys.CreateAsync(name, role, TimeSpan.FromSeconds(seconds), "anna", Cancellation));
        Assert.Equal(("command_invalid", $"\"{field}\""), (refused.Refusal.Code, refused.Refusal.Members[0].Value.ToString()));
        Assert.False(await ledger.Host.Keys.AnyAsync(Cancellation));
    }
}
