using System.Net;
using System.Text.Json;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Server.Work;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.Audits;

/// <summary>A server verifies its own ledger.</summary>
public sealed class VerifyLedgerTests(PostgreSqlFixture postgreSql)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_report_is_that_of_an_audit_on_the_database_and_names_what_was_altered()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql);
        var client = AClient.Of(signed.Server, "auditor");
        var options = new AuditOptions { Keys = [ASignedLedger.Key.Verifier] };
        var byKey = new AuditRequest { Keys = [ASignedLedger.Key.Verifier.ToString()] };

        var clean = await client.AuditAsync(byKey, Cancellation);
        Assert.Equal(("verified", "caller"), (Text(clean, "status"), Text(clean, "keys_from")));
        Assert.Equal(await LocalAsync(keysFromOperator: false), JsonSerializer.Serialize(clean));
        Assert.Equal(
            await LocalAsync(keysFromOperator: true),
            JsonSerializer.Serialize(await client.AuditAsync(new AuditRequest(), Cancellation)));

        await signed.TamperAsync("update janusq.mt_events set data = data || '{\"reason\": \"another\"}' where type = 'approval_granted'");
        var violated = await client.AuditAsync(byKey, Cancellation);
        Assert.Equal("violated", Text(violated, "status"));
        Assert.Contains(
            violated.GetProperty("findings").EnumerateArray(),
            finding => Text(finding, "stream").Contains(signed.Candidate, StringComparison.Ordinal));
        Assert.Equal(await LocalAsync(keysFromOperator: false), JsonSerializer.Serialize(violated));

        async Task<string> LocalAsync(bool keysFromOperator) =>
            Got.TextOf(
                (await signed.Server.Ledger.Audit.VerifyAsync(options, cancellation: Cancellation)).ToJson(options, keysFromOperator));
    }

    [Fact]
    public async Task a_checkpoint_that_was_kept_must_be_one_of_this_log_and_what_was_verified_before_is_left_aside()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql);
        var client = AClient.Of(signed.Server, "compliance");
        var kept = new KeptCheckpointDocument { Name = "mine", Note = await client.GetCheckpointAsync(Cancellation) };
        var since = await client.AuditAsync(
            new AuditRequest { Kept = [kept], Since = kept, Deep = true, Reproduces = ["1.0.0"] }, Cancellation);
        Assert.Equal("verified", Text(since, "status"));
        Assert.True(since.GetProperty("since").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Object, since.GetProperty("deep").ValueKind);
        var other = SignerKey.FromSeed("ledger.example/log", [.. Enumerable.Repeat((byte)8, SignerKey.SeedSize)]);
        await AClient.ProblemAsync(HttpStatusCode.UnprocessableEntity, "kept_checkpoint_unverified", () =>
            client.AuditAsync(new AuditRequest { Keys = [other.Verifier.ToString()], Kept = [kept] }, Cancellation));
    }

    [Fact]
    public async Task what_cannot_be_verified_against_is_refused_by_its_member()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var client = AClient.Of(server, "auditor");
        await AClient.ProblemAsync(
            HttpStatusCode.UnprocessableEntity, "verifier_key_missing", () => client.AuditAsync(new AuditRequest(), Cancellation));
        await AClient.ProblemAsync(
            HttpStatusCode.UnprocessableEntity,
            "log_policy_malformed",
            () => client.AuditAsync(new AuditRequest { Policy = "witness" }, Cancellation));
        (AuditRequest Request, string Field)[] wrong =
        [
            (new AuditRequest { Keys = ["no key"] }, "keys[0]"),
            (new AuditRequest { Kept = [new KeptCheckpointDocument { Name = "a", Note = "no note" }] }, "kept[0].note"),
            (new AuditRequest { Since = new KeptCheckpointDocument { Name = "", Note = "no note" } }, "since.name"),
            (new AuditRequest { Reproduces = ["1.0.0"] }, "reproduces"),
        ];
        foreach (var (request, field) in wrong)
        {
            var problem = await AClient.ProblemAsync(
                HttpStatusCode.BadRequest, "request_invalid", () => client.AuditAsync(request, Cancellation));
            Assert.Equal(field, problem.Field);
        }
    }

    [Fact]
    public async Task there_is_one_audit_at_a_time_and_it_ends_when_its_caller_goes_away()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql);
        var client = AClient.Of(signed.Server, "auditor");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using (await signed.HoldUpAsync())
        {
            var first = client.AuditAsync(new AuditRequest(), leaving.Token);
            await UntilAsync(async () => await WaitingAsync(signed) > 0);
            await AClient.ProblemAsync(
                HttpStatusCode.TooManyRequests, HeavyWork.AuditRunning, () => client.AuditAsync(new AuditRequest(), Cancellation));

            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            await UntilAsync(() => IsTakenAsync(client));
        }

        await UntilAsync(async () =>
        {
            try
            {
                return Text(await client.AuditAsync(new AuditRequest(), Cancellation), "status") == "verified";
            }
            catch (LedgerProblemException refused) when (refused.Code == HeavyWork.AuditRunning)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task an_audit_ends_when_the_key_of_its_caller_is_revoked()
    {
        await using var signed = await ASignedLedger.StartAsync(
            postgreSql, keys: ledger => new StoredKeyHolders(ledger.Keys, TimeSpan.Zero, TimeProvider.System));
        var (text, key) = await signed.Server.Ledger.Keys.CreateAsync("audrey", Roles.Auditor, null, "ada", Cancellation);
        var client = new LedgerClient(signed.Server.ClientOf(null), text, LedgerRetries.None);
        await using (await signed.HoldUpAsync())
        {
            var audit = client.AuditAsync(new AuditRequest(), Cancellation);
            await UntilAsync(async () => await WaitingAsync(signed) > 0);
            await signed.Server.Ledger.Keys.RevokeAsync(key.KeyId, Cancellation);
            await AClient.ProblemAsync(HttpStatusCode.Unauthorized, "not_authenticated", () => audit);
        }
    }

    private static string Text(JsonElement document, string member) => document.GetProperty(member).GetString() ?? "";

    /// <summary>Whether the server has a place for an audit, which this one gives up before it ends.</summary>
    private static async Task<bool> IsTakenAsync(LedgerClient client)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await client.AuditAsync(new AuditRequest(), soon.Token);
            throw new InvalidOperationException("The audit ended, although it is held up.");
        }
        catch (LedgerProblemException refused) when (refused.Code == HeavyWork.AuditRunning)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>How many wait for what is held up.</summary>
    private static async Task<long> WaitingAsync(ASignedLedger signed)
    {
        await using var source = NpgsqlDataSource.Create(signed.Server.ConnectionString);
        await using var command = source.CreateCommand(
            "select count(distinct pid) from pg_locks where not granted and relation = 'janusq.log_tile'::regclass");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo()) await Task.Delay(20, patience.Token);
    }
}
