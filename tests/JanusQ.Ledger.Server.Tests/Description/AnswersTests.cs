using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Tests.Audits;
using JanusQ.Ledger.Server.Tests.Decisions;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Ingest;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Description;

/// <summary>Everything that can happen to a ledger happens, and every question is asked: all answers are as they are described.</summary>
public sealed class AnswersTests(PostgreSqlFixture postgreSql)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_operation_answers_as_it_is_described()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql);
        var server = signed.Server;
        await RecordRunsAsync(server);
        await ChangeChampionsAsync(server);
        await ChangeRulesAsync(server);
        await server.Ledger.Projections.CatchUpAsync(Cancellation);
        await server.Ledger.Log.CatchUpAsync(Patience, Cancellation);
        await AskAsync(signed);
        await MaintainAsync(signed);
        Assert.DoesNotContain(DescribedAnswers.Names, name => !server.Answered.ContainsKey(name + " 200"));
    }

    private static async Task RecordRunsAsync(AServer server)
    {
        var worker = AClient.Of(server, "worker", "wanda");
        await worker.PutContentAsync("what a run rests on"u8.ToArray(), Cancellation);
        await worker.IngestLaneAsync(LaneZip.Whole, Cancellation);
        var evaluation = await ARun.StartAsync(worker);
        var (a, b) = (ARun.Artifact("a.json", "1"), ARun.Artifact("b.json", "2"));
        await worker.PutArtifactAsync(ARun.CandidateId, evaluation, a, Cancellation);
        await worker.PostArtifactsAsync(ARun.CandidateId, evaluation, [b], Cancellation);
        await worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(a, b), Cancellation);
        await Assert.ThrowsAsync<LedgerProblemException>(
            () => worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(a), Cancellation));
        await worker.FailLaneRunAsync(
            ARun.CandidateId,
            new FailLaneRunRequest { RunId = new string('1', 24), ErrorCode = "out_of_memory", Message = "It was too much." },
            Cancellation);
        await worker.SkipLaneRunAsync(
            ARun.CandidateId,
            new SkipLaneRunRequest
            {
                RunId = new string('2', 24),
                Reason = "no signals",
                WindowStart = "2026-02-25T06:00:00Z",
                WindowEnd = "2026-02-25T07:00:00Z",
            },
            Cancellation);
    }

    private static async Task ChangeChampionsAsync(AServer server)
    {
        var (worker, approver, op) =
            (AClient.Of(server, "worker", "wanda"), AClient.Of(server, "approver", "anna"), AClient.Of(server, "operator", "olga"));
        var (first, second) = (PromotableRun.Number(0), PromotableRun.Number(1));
        await second.SubmitAsync(server.Ledger, Cancellation);
        var approval = new ApprovePromotionRequest { Target = "paper", ExpiresInSeconds = 3600, Reason = "looks good" };
        await approver.GrantApprovalAsync(second.CandidateId, approval, VersionMatch.Any, Cancellation);
        await worker.RequestPromotionAsync(second.CandidateId, new RequestPromotionRequest(), Cancellation);
        var gone = new PlaceRequest { CandidateId = second.CandidateId, Reason = "losses" };
        await op.RollBackAsync("paper", gone, VersionMatch.Any, Cancellation);
        var state = (await server.Ledger.Queries.CandidateAsync(second.CandidateId, Cancellation))!;
        var clear = new ClearEvidenceRequest { ArtifactSetSha256 = state.RolledBackEvidence.Single().ToString(), Reason = "explained" };
        await worker.RequestPromotionAsync(second.CandidateId, new RequestPromotionRequest { Target = "shadow" }, Cancellation);
        await op.ClearEvidenceAsync(second.CandidateId, clear, VersionMatch.Any, Cancellation);
        var reason = new ReasonRequest { Reason = "a doubt" };
        await op.PauseAsync(second.CandidateId, reason, VersionMatch.Any, Cancellation);
        await op.ResumeAsync(second.CandidateId, reason, VersionMatch.Any, Cancellation);
        await op.PauseAsync(second.CandidateId, reason, VersionMatch.Any, Cancellation);
        var other = AClient.Of(server, "approver", "anton");
        var granted = await other.GrantApprovalAsync(second.CandidateId, approval, VersionMatch.Any, Cancellation);
        await other.RevokeApprovalAsync(second.CandidateId, granted.ApprovalId!, reason, VersionMatch.Any, Cancellation);
        await op.DemoteAsync(
            "paper", new PlaceRequest { CandidateId = first.CandidateId, Reason = "maintenance" }, VersionMatch.Any, Cancellation);
        await second.RequestAsync(server.Ledger, Cancellation);
    }

    private static async Task ChangeRulesAsync(AServer server)
    {
        var (op, reason) = (AClient.Of(server, "operator", "olga"), new ReasonRequest { Reason = "a rehearsal" });
        await op.EngageKillSwitchAsync(reason, VersionMatch.Any, Cancellation);
        await op.ReleaseKillSwitchAsync(reason, VersionMatch.Any, Cancellation);
        await op.EngageKillSwitchAsync(reason, VersionMatch.Any, Cancellation);
        await op.RecordDrillAsync(
            RecordDrillRequest.Example with { Evidence = Convert.ToBase64String("{}"u8), RollbackTarget = null }, Cancellation);
        var live = Encoding.UTF8.GetString(PromotableRun.PolicyDocument)
            .Replace("\"gate5_live_enabled\": false", "\"gate5_live_enabled\": true", StringComparison.Ordinal);
        await op.PublishPolicyAsync("live", new PublishPolicyRequest { Document = live, Note = "live" }, VersionMatch.Any, Cancellation);
        await AClient.Of(server, "approver", "anna").ApproveActivationAsync(
            "live", new ApproveActivationRequest { Version = 1, Reason = "read all of it" }, VersionMatch.Any, Cancellation);
        await op.ActivatePolicyAsync("live", new ActivatePolicyRequest { Note = "go" }, VersionMatch.Any, Cancellation);
        var admin = AClient.Of(server, "admin", "ada");
        var key = await admin.CreateKeyAsync(CreateKeyRequest.Example, Cancellation);
        await admin.RevokeKeyAsync(key.About.KeyId, Cancellation);
    }

    private static async Task AskAsync(ASignedLedger signed)
    {
        using var client = signed.Server.ClientOf("admin", "ada");
        var candidates = await AllAsync(client, "/v1/candidates?limit=1", "candidates");
        foreach (var candidate in candidates.Select(one => (string)one["candidate_id"]!))
        {
            foreach (var what in new[] { "", "?version=1", "/history", "/history?version=2", "/approvals" })
                await GetAsync(client, $"/v1/candidates/{candidate}{what}");
            var state = await GetAsync(client, $"/v1/candidates/{candidate}");
            foreach (var run in new[] { "evaluations", "refused_runs", "skipped_runs" }.SelectMany(runs => state[runs]!.AsArray()))
                await GetAsync(client, $"/v1/runs/{run!["run_id"]}");
        }

        foreach (var decision in (await AllAsync(client, "/v1/decisions?limit=2", "decisions")).Select(one => (string)one["decision_id"]!))
            foreach (var what in new[] { "", "/replay" }) await GetAsync(client, $"/v1/decisions/{decision}{what}");
        using (var worker = signed.Server.ClientOf("worker", "wanda"))
            Assert.Equal(HttpStatusCode.Forbidden, (await Got.FromAsync(worker, "/v1/security-log")).Status);
        await signed.Server.RefusedAsync(1);
        foreach (var path in new[]
        {
            "/v1/champions", "/v1/champions/paper", "/v1/champions/live", "/v1/champions/paper?version=1", "/v1/policies",
            "/v1/policies/live", "/v1/safety", "/v1/statistics/gate-failures?since=2026-02-01&until=2026-03-01", "/v1/security-log",
            "/v1/keys", "/v1/schema/differences", "/health/live", "/health/ready", "/health/started", "/v1/log/proofs/1",
            "/v1/log/proofs/1.tlog-proof", "/checkpoint", "/tile/0/000.p/1", "/tile/entries/000.p/1",
            $"/v1/contents/{Core.Canonical.Sha256Hash.Of(PromotableRun.PolicyDocument)}",
        })
        {
            var got = await Got.FromAsync(client, path);
            Assert.True(got.Status == HttpStatusCode.OK, $"{path}: {got.Text}");
            if (got.Headers.GetValueOrDefault("ETag") is not { } tag) continue;
            Assert.Equal(HttpStatusCode.NotModified, (await Got.FromAsync(client, path, ("If-None-Match", tag))).Status);
        }

        await using (await Listener.ListenAsync(client, "0")) Assert.Equal("text/plain", (await Got.FromAsync(
            client, "/v1/log/proofs/1", ("Accept", "text/plain"))).Headers["Content-Type"].Split(';')[0]);
        var proof = await GetAsync(client, "/v1/log/proofs/1");
        await GetAsync(client, $"/v1/log/events/{proof["event_id"]}/proof");
    }

    private static async Task MaintainAsync(ASignedLedger signed)
    {
        var admin = AClient.Of(signed.Server, "admin", "ada");
        await admin.AuditAsync(new AuditRequest { Keys = [ASignedLedger.Key.Verifier.ToString()], Deep = true }, Cancellation);
        await admin.RebuildProjectionsAsync(new RebuildRequest { Compare = true }, Cancellation);
        using var auditor = signed.Server.ClientOf("auditor");
        using var bundle = await auditor.PostAsJsonAsync("/v1/bundles", new { candidate_id = signed.Candidate }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, bundle.StatusCode);
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    private static async Task<IReadOnlyList<JsonObject>> AllAsync(HttpClient client, string path, string member) =>
        await PagedWalk.WalkAsync(client, path, member);
}
