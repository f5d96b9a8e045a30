using System.Net;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Candidates;

[Collection(nameof(ToldServer))]
public sealed class CandidateQueriesTests(AToldServer told)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_candidate_is_shown_as_it_is_with_its_version_and_the_sequence_it_is_complete_up_to()
    {
        using var client = told.Server.ClientOf("auditor");
        var got = await Got.FromAsync(client, $"/v1/candidates/{told.Second.CandidateId}");
        var candidate = await told.Server.Ledger.Queries.CandidateAsync(told.Second.CandidateId, Cancellation);
        Assert.Equal(HttpStatusCode.OK, got.Status);
        Assert.Equal(Got.TextOf(CandidateDocument.Of(candidate!)), got.DocumentOfLedger);
        Assert.Equal($"\"{candidate!.StreamVersion}\"", got.Headers["ETag"]);
        Assert.Equal((await told.Server.Ledger.Queries.StatusAsync(Cancellation)).LastSequence, got.Sequence);
        Assert.Equal("no-cache, private", got.Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData("{0}", HttpStatusCode.NotModified)]
    [InlineData("\"1\", {0}", HttpStatusCode.NotModified)]
    [InlineData("W/{0}", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"1\"", HttpStatusCode.OK)]
    public async Task who_has_the_version_already_gets_nothing_again(string known, HttpStatusCode expected)
    {
        using var client = told.Server.ClientOf("auditor");
        var path = $"/v1/candidates/{told.First.CandidateId}";
        var tag = (await Got.FromAsync(client, path)).Headers["ETag"];
        var got = await Got.FromAsync(client, path, ("If-None-Match", known.Replace("{0}", tag, StringComparison.Ordinal)));
        Assert.Equal((expected, tag), (got.Status, got.Headers["ETag"]));
        Assert.True(got.Sequence > 0);
        Assert.Equal(expected == HttpStatusCode.OK, got.Bytes.Length > 0);
    }

    [Fact]
    public async Task every_version_of_the_past_can_be_shown_and_every_instant()
    {
        using var client = told.Server.ClientOf("compliance");
        var id = told.First.CandidateId;
        var history = await told.Server.Ledger.Queries.HistoryAsync(id, Cancellation);
        foreach (var recorded in history)
        {
            var got = await Got.FromAsync(client, $"/v1/candidates/{id}?version={recorded.Version}");
            var then = await told.Server.Ledger.Queries.CandidateAtVersionAsync(id, recorded.Version, Cancellation);
            Assert.Equal(Got.TextOf(CandidateDocument.Of(then!)), got.DocumentOfLedger);
            Assert.Equal($"\"{recorded.Version}\"", got.Headers["ETag"]);
        }

        var now = await Got.FromAsync(client, $"/v1/candidates/{id}");
        var at = await Got.FromAsync(client, $"/v1/candidates/{id}?at={Uri.EscapeDataString(history[^1].Happened.At.ToString())}");
        Assert.Equal(now.DocumentOfLedger, at.DocumentOfLedger);
        var before = Instant.Of(history[0].Happened.At.ToDateTimeOffset().AddSeconds(-1));
        var never = await Got.FromAsync(client, $"/v1/candidates/{id}?at={Uri.EscapeDataString(before.ToString())}");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_version", null), never.Problem);
        var later = await Got.FromAsync(client, $"/v1/candidates/{id}?version={history.Count + 1}");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_version", null), later.Problem);
    }

    [Fact]
    public async Task the_history_says_what_happened_with_who_and_when_up_to_any_version()
    {
        using var client = told.Server.ClientOf("worker");
        var id = told.Second.CandidateId;
        var history = await told.Server.Ledger.Queries.HistoryAsync(id, Cancellation);
        var got = await Got.FromAsync(client, $"/v1/candidates/{id}/history");
        Assert.Equal(Got.TextOf(CandidateDocument.History(id, history)), got.DocumentOfLedger);
        Assert.Equal($"\"{history.Count}\"", got.Headers["ETag"]);
        var three = await Got.FromAsync(client, $"/v1/candidates/{id}/history?version=3");
        Assert.Equal(Got.TextOf(CandidateDocument.History(id, history.Take(3))), three.DocumentOfLedger);
        var known = await Got.FromAsync(client, $"/v1/candidates/{id}/history", ("If-None-Match", got.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.NotModified, known.Status);
        var more = await Got.FromAsync(client, $"/v1/candidates/{id}/history?version={history.Count + 1}");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_version", null), more.Problem);
    }

    [Fact]
    public async Task approvals_are_listed_with_what_became_of_them()
    {
        using var client = told.Server.ClientOf("approver");
        var got = await Got.FromAsync(client, $"/v1/candidates/{told.First.CandidateId}/approvals");
        var candidate = await told.Server.Ledger.Queries.CandidateAsync(told.First.CandidateId, Cancellation);
        Assert.Equal(Got.TextOf(ApprovalDocument.Of(candidate!, Instant.Of(PromotableRun.Now))), got.DocumentOfLedger);
        Assert.Equal("used", (string)got.Document["approvals"]![0]!["status"]!);
        Assert.True(got.Sequence > 0);
    }

    [Fact]
    public async Task candidates_are_found_by_what_they_are()
    {
        using var client = told.Server.ClientOf("operator");
        async Task<IReadOnlyList<string>> FoundAsync(string filter)
        {
            var page = await Got.FromAsync(client, $"/v1/candidates?{filter}");
            return [.. page.Document["candidates"]!.AsArray().Select(one => (string)one!["candidate_id"]!)];
        }

        string[] all = [.. new[] { told.First, told.Second, told.Loser }.Select(run => run.CandidateId).Order(StringComparer.Ordinal)];
        var reason = told.Answers[2].Decision!.Reasons[0];
        var policy = told.First.Submission.Start.GatePolicySha256;
        Assert.Equal(all, await FoundAsync(""));
        Assert.Equal([told.Second.CandidateId], await FoundAsync("stage=paper"));
        Assert.Equal([told.First.CandidateId], await FoundAsync("stage=demoted"));
        Assert.Equal([told.Loser.CandidateId], await FoundAsync($"reason={reason}"));
        Assert.Equal(all, await FoundAsync($"policy={policy}&target=paper"));
        Assert.Equal([], await FoundAsync($"policy={new string('0', 64)}"));
        Assert.Equal([], await FoundAsync("target=live"));
        Assert.Equal(all, await FoundAsync("since=2026-02-25T00:00:00Z&until=2026-02-26T00:00:00Z"));
        Assert.Equal([], await FoundAsync("since=2026-02-26T00:00:00Z"));
    }

    [Theory]
    [InlineData("/v1/candidates?stage=sky", "stage")]
    [InlineData("/v1/candidates?target=moon", "target")]
    [InlineData("/v1/candidates?policy=ff", "policy")]
    [InlineData("/v1/candidates?since=yesterday", "since")]
    [InlineData("/v1/candidates?until=", "until")]
    [InlineData("/v1/candidates?reason=%00", "reason")]
    [InlineData("/v1/candidates?reason=a%0Ab", "reason")]
    [InlineData("/v1/candidates?limit=0", "limit")]
    [InlineData("/v1/candidates?limit=1001", "limit")]
    [InlineData("/v1/candidates?limit=10&limit=20", "limit")]
    [InlineData("/v1/candidates?cursor=abc", "cursor")]
    [InlineData("/v1/candidates?cursor=!", "cursor")]
    [InlineData("/v1/candidates?colour=red", "colour")]
    [InlineData("/v1/candidates/cand-1?version=0", "version")]
    [InlineData("/v1/candidates/cand-1?at=1", "at")]
    [InlineData("/v1/candidates/cand-1?version=1&at=2026-01-01T00:00:00Z", "at")]
    [InlineData("/v1/candidates/cand-1/history?version=-1", "version")]
    [InlineData("/v1/candidates/cand-1/approvals?stage=paper", "stage")]
    public async Task a_wrong_parameter_is_named(string path, string field)
    {
        using var client = told.Server.ClientOf("auditor");
        Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", field), (await Got.FromAsync(client, path)).Problem);
    }

    [Theory]
    [InlineData("/v1/candidates/cand-unknown")]
    [InlineData("/v1/candidates/cand-unknown?version=3")]
    [InlineData("/v1/candidates/cand-unknown/history")]
    [InlineData("/v1/candidates/cand-unknown/approvals")]
    [InlineData("/v1/candidates/'%3Bdrop%20table")]
    public async Task a_candidate_that_is_not_there_is_said_not_to_be(string path)
    {
        using var client = told.Server.ClientOf("auditor");
        var (status, code, _) = (await Got.FromAsync(client, path)).Problem;
        Assert.Equal((HttpStatusCode.NotFound, "unknown_candidate"), (status, code));
    }
}
