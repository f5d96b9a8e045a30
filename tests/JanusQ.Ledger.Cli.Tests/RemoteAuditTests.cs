using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>What proves a ledger and looks after its database, against a server that holds the log's key.</summary>
public sealed class RemoteAuditTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private const string Auditor = "audrey.auditor";
    private const string Admin = "ada.admin";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string KeyFile => _folder.At("log.key");

    private string Verifiers => KeyFile + ".verifiers";

    [Fact]
    public async Task a_bundle_of_a_server_is_that_of_the_database_and_verified_where_the_keys_are_named()
    {
        await using var served = await StartAsync();
        var candidate = PromotableRun.Number(0).CandidateId;
        var (remote, local) = (_folder.At("remote.zip"), _folder.At("local.zip"));
        foreach (var scope in new string[][] { ["--all"], ["--candidate", candidate], ["--all", "--without-statements"] })
        {
            var got = await served.AskAsync(0, Auditor, ["audit", "export", .. scope, "--file", remote, "--log-verifiers", Verifiers]);
            var made = await served.LocallyAsync(0, ["audit", "export", .. scope, "--file", local, "--log-key", KeyFile]);
            Assert.Equal(await File.ReadAllBytesAsync(local, Cancellation), await File.ReadAllBytesAsync(remote, Cancellation));
            Assert.Equal(JsonBoolean.True, got.Document["verified"]);
            Assert.Equal(
                made.Document.Without("file").ToString(), got.Document.Without("file").Without("verified").ToString());
        }

        var unverified = await served.AskAsync(0, Auditor, "audit", "export", "--all", "--file", remote);
        Assert.Equal(JsonBoolean.False, unverified.Document["verified"]);
        Assert.Equal(0, (await JanusqProgram.RunAsync("audit", "verify-bundle", remote, "--key", Verifiers)).ExitCode);
        Assert.Equal(
            "needs_database",
            (await served.AskAsync(2, Auditor, "audit", "export", "--all", "--file", remote, "--log-key", KeyFile)).Text("error", "code"));
        Assert.Equal(
            "unknown_candidate",
            (await served.AskAsync(3, Auditor, "audit", "export", "--candidate", "cand-none", "--file", remote)).Text("error", "code"));
        Assert.Equal(
            "not_authorised",
            (await served.AskAsync(6, "wanda.worker", "audit", "export", "--all", "--file", remote)).Text("error", "code"));
        var nowhere = await served.AskAsync(1, Auditor, "audit", "export", "--all", "--file", Path.Combine(_folder.At("none"), "a.zip"));
        Assert.Equal("output_unwritable", nowhere.Text("error", "code"));
    }

    [Fact]
    public async Task a_bundle_that_does_not_verify_or_breaks_off_leaves_what_stood_there()
    {
        var (answer, breaksOff) = (Array.Empty<byte>(), false);
        await using var served = await StartAsync(app => app.Use(async (context, next) =>
        {
            if (answer.Length == 0)
            {
                await next(context);
                return;
            }

            // One byte more is promised than comes where the answer is to break off.
            context.Response.ContentLength = answer.Length + (breaksOff ? 1 : 0);
            context.Response.Headers["Content-Digest"] =
                $"sha-256=:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(answer))}:";
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (breaksOff) context.Abort();
        }));
        var file = _folder.At("bundle.zip");
        await served.AskAsync(0, Auditor, "audit", "export", "--all", "--file", file);
        var whole = await File.ReadAllBytesAsync(file, Cancellation);
        await File.WriteAllTextAsync(file, "as it was", Cancellation);

        var other = _folder.At("other.key");
        Assert.Equal(0, (await JanusqProgram.RunAsync("audit", "keygen", "--out", other, "--origin", "ledger.example/log")).ExitCode);
        var unverified = await served.AskAsync(
            5, Auditor, "audit", "export", "--all", "--file", file, "--log-verifiers", other + ".verifiers");
        Assert.Equal("bundle_unverified", unverified.Text("error", "code"));
        answer = "no zip"u8.ToArray();
        Assert.StartsWith(
            "bundle_",
            (await served.AskAsync(1, Auditor, "audit", "export", "--all", "--file", file)).Text("error", "code"),
            StringComparison.Ordinal);
        (answer, breaksOff) = (whole, true);
        Assert.Equal(
            "server_unavailable",
            (await served.AskAsync(1, Auditor, "audit", "export", "--all", "--file", file)).Text("error", "code"));
        Assert.Equal("as it was", await File.ReadAllTextAsync(file, Cancellation));
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.janusq-part"));
    }

    [Fact]
    public async Task the_report_of_a_server_reads_as_that_of_the_database_and_is_called_its_own_word()
    {
        await using var served = await StartAsync();
        await using var source = NpgsqlDataSource.Create(served.ConnectionString);
        foreach (var exit in new[] { 0, 5 })
        {
            string[] verify = ["audit", "verify", "--key", Verifiers, "--deep"];
            var remote = await served.AskAsync(exit, Auditor, verify);
            var local = await served.LocallyAsync(exit, verify);
            Assert.Equal(local.Output, remote.Output);
            Assert.Contains("the server's own word", remote.Error, StringComparison.Ordinal);
            Assert.Contains("verify-bundle", remote.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("own word", local.Error, StringComparison.Ordinal);
            await using var tamper = source.CreateCommand(
                """
                alter table janusq.mt_events disable trigger append_only;
                update janusq.mt_events set data = data || '{"reason": "another"}' where type = 'approval_granted';
                alter table janusq.mt_events enable always trigger append_only
                """);
            await tamper.ExecuteNonQueryAsync(Cancellation);
        }

        var environment = new Dictionary<string, string?> { ["JANUSQ_SERVER"] = served.Address, ["JANUSQ_KEY"] = "jq_" + Auditor };
        var table = await JanusqProgram.RunAsync(environment, ["audit", "verify", "--key", Verifiers]);
        Assert.Equal(
            (await JanusqProgram.RunAsync("audit", "verify", "--key", Verifiers, "--connection", served.ConnectionString)).Output,
            table.Output);
        Assert.Equal("operator", (await served.AskAsync(5, Auditor, "audit", "verify")).Text("keys_from"));
        Assert.Equal("not_authorised", (await served.AskAsync(6, "wanda.worker", "audit", "verify")).Text("error", "code"));
    }

    [Fact]
    public async Task events_and_growth_are_proven_over_a_server_as_on_the_database()
    {
        await using var served = await StartAsync();
        var first = await served.AskAsync(0, Auditor, "audit", "prove", "--sequence", "1");
        string[][] proofs =
        [
            ["audit", "prove", "--event", first.Text("event_id")],
            ["audit", "prove", "--consistency", "3", "7"],
            ["audit", "prove", "--consistency", "0", "5"],
            ["audit", "prove", "--consistency", "4", "4"],
        ];
        foreach (var proof in proofs)
            Assert.Equal((await served.LocallyAsync(0, proof)).Output, (await served.AskAsync(0, Auditor, proof)).Output);
        (int Exit, string[] Asked)[] refused =
        [
            (3, ["audit", "prove", "--event", Guid.Empty.ToString()]),
            (1, ["audit", "prove", "--consistency", "3", "2"]),
            (3, ["audit", "prove", "--consistency", "1", "999999"]),
        ];
        foreach (var (exit, asked) in refused)
            Assert.Equal(
                (await served.LocallyAsync(exit, asked)).Text("error", "code"),
                (await served.AskAsync(exit, Auditor, asked)).Text("error", "code"));
    }

    [Fact]
    public async Task tiles_that_a_server_altered_are_an_integrity_violation()
    {
        var isAltered = false;
        await using var served = await StartAsync(app => app.Use(async (context, next) =>
        {
            if (isAltered && context.Request.Path.StartsWithSegments("/tile", StringComparison.Ordinal))
                await context.Response.Body.WriteAsync(new byte[32 * 256]);
            else await next(context);
        }));
        await served.AskAsync(0, Auditor, "audit", "prove", "--consistency", "3", "7");
        isAltered = true;
        await served.AskAsync(5, Auditor, "audit", "prove", "--consistency", "3", "7");
    }

    [Fact]
    public async Task projections_are_put_right_and_the_schema_is_compared_over_a_server_as_on_the_database()
    {
        await using var served = await StartAsync();
        await served.Ledger.Projections.CatchUpAsync(Cancellation);
        await using var source = NpgsqlDataSource.Create(served.ConnectionString);
        await using (var tamper = source.CreateCommand("delete from compliance.policies")) await tamper.ExecuteNonQueryAsync(Cancellation);
        string[] compare = ["db", "rebuild", "--compare"];
        Assert.Equal((await served.LocallyAsync(5, compare)).Output, (await served.AskAsync(5, Admin, compare)).Output);
        var rebuilt = await served.AskAsync(0, Admin, "db", "rebuild", "Compliance");
        Assert.Equal(JsonBoolean.True, rebuilt.Document["rebuilt"]);
        Assert.Equal((await served.LocallyAsync(0, compare)).Output, (await served.AskAsync(0, Admin, compare)).Output);
        Assert.Equal("projection_not_found", (await served.AskAsync(3, Admin, "db", "rebuild", "Nothing")).Text("error", "code"));
        Assert.Equal("not_authorised", (await served.AskAsync(6, "oscar.operator", "db", "rebuild")).Text("error", "code"));

        Assert.Equal((await served.LocallyAsync(0, "db", "assert")).Output, (await served.AskAsync(0, Auditor, "db", "assert")).Output);
        await using (var drop = source.CreateCommand("drop trigger append_only on janusq.mt_events"))
            await drop.ExecuteNonQueryAsync(Cancellation);
        Assert.Equal((await served.LocallyAsync(5, "db", "assert")).Output, (await served.AskAsync(5, Admin, "db", "assert")).Output);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ServedLedger> StartAsync(Action<WebApplication>? before = null)
    {
        var signer = SignerKey.FromSeed("ledger.example/log", [.. Enumerable.Repeat((byte)1, SignerKey.SeedSize)]);
        await File.WriteAllTextAsync(KeyFile, signer.ToSecretText() + "\n", Cancellation);
        await File.WriteAllTextAsync(Verifiers, signer.Verifier + "\n", Cancellation);
        var served = await ServedLedger.StartAsync(
            postgreSql,
            options => options with { Clock = new StandingClock(PromotableRun.Now), Log = new LogOptions { Keys = LogKeyRing.Of(signer) } },
            before);
        await PromotableRun.PrepareAsync(served.Ledger, Cancellation);
        await PromotableRun.Number(0).PromoteAsync(served.Ledger, Cancellation);
        await PromotableRun.Loser().PromoteAsync(served.Ledger, Cancellation);
        await served.Ledger.Log.CatchUpAsync(TimeSpan.FromMinutes(1), Cancellation);
        return served;
    }
}
