using System.Net;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Safety;

public sealed class SafetyTests(PostgreSqlFixture postgreSql)
{
    private static readonly RecordDrillRequest Drill = new()
    {
        Check = "killSwitchDryRunPassed",
        Passed = true,
        PerformedAt = "2026-02-25T06:00:00Z",
        RollbackTarget = "release-1",
        Evidence = Convert.ToBase64String("it worked"u8),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_rehearsal_is_recorded_once_with_its_evidence()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var op = AClient.Of(server, "operator");
        var first = await op.RecordDrillAsync(Drill, Cancellation);
        Assert.Equal((RecordingResponse.Recorded, 1L, false), (first.Outcome, first.Version, first.KillSwitchEngaged));
        Assert.Equal(RecordingResponse.Unchanged, (await op.RecordDrillAsync(Drill, Cancellation)).Outcome);
        var evidence = Sha256Hash.OfText("it worked");
        Assert.Equal("it worked"u8.ToArray(), await server.Ledger.Content.ReadAsync(evidence, Cancellation));
        var stored = Drill with { Evidence = null, EvidenceSha256 = evidence.ToString(), PerformedAt = "2026-02-25T07:00:00Z" };
        Assert.Equal(RecordingResponse.Recorded, (await op.RecordDrillAsync(stored, Cancellation)).Outcome);
    }

    [Fact]
    public async Task a_rehearsal_that_is_not_as_it_should_be_is_refused()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var op = AClient.Of(server, "operator");
        foreach (var (request, status, code, field) in new[]
        {
            (Drill with { Check = "no check" }, HttpStatusCode.BadRequest, "command_invalid", "check"),
            (Drill with { PerformedAt = "2999-01-01T00:00:00Z" }, HttpStatusCode.BadRequest, "command_invalid", "performed_at"),
            (Drill with { PerformedAt = "today" }, HttpStatusCode.BadRequest, "request_invalid", "performed_at"),
            (Drill with { Evidence = "no base64!" }, HttpStatusCode.BadRequest, "request_invalid", "evidence"),
            (Drill with { EvidenceSha256 = "ff" }, HttpStatusCode.BadRequest, "request_invalid", "evidence_sha256"),
            (Drill with { EvidenceSha256 = new string('0', 64) }, HttpStatusCode.BadRequest, "content_hash_mismatch", "evidence_sha256"),
            (Drill with { Evidence = null, EvidenceSha256 = new string('0', 64) },
                HttpStatusCode.UnprocessableEntity, "content_not_stored", "evidence_sha256"),
        })
        {
            var problem = await AClient.ProblemAsync(status, code, () => op.RecordDrillAsync(request, Cancellation));
            Assert.Equal(field, problem.Field);
        }

        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));
    }

    [Fact]
    public async Task the_kill_switch_is_engaged_and_released_by_version()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var op = AClient.Of(server, "operator");
        var reason = new ReasonRequest { Reason = "prices are wrong" };
        var engaged = await op.EngageKillSwitchAsync(reason, VersionMatch.Exactly(0), Cancellation);
        Assert.Equal((RecordingResponse.Recorded, true, 1L), (engaged.Outcome, engaged.KillSwitchEngaged, engaged.Version));
        Assert.Equal(RecordingResponse.Unchanged, (await op.EngageKillSwitchAsync(reason, VersionMatch.Exactly(0), Cancellation)).Outcome);
        await AClient.ProblemAsync(
            HttpStatusCode.PreconditionFailed, "version_changed",
            () => op.ReleaseKillSwitchAsync(reason, VersionMatch.Exactly(0), Cancellation));
        var released = await op.ReleaseKillSwitchAsync(reason, VersionMatch.Exactly(1), Cancellation);
        Assert.Equal((RecordingResponse.Recorded, false, 2L), (released.Outcome, released.KillSwitchEngaged, released.Version));
        var blank = await AClient.ProblemAsync(
            HttpStatusCode.BadRequest,
            "command_invalid",
            () => op.EngageKillSwitchAsync(new ReasonRequest { Reason = " " }, VersionMatch.Any, Cancellation));
        Assert.Equal("reason", blank.Field);
    }
}
