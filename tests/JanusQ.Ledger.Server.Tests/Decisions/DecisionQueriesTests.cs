using System.Net;
using JanusQ.Ledger.Server.Tests.Reading;

namespace JanusQ.Ledger.Server.Tests.Decisions;

[Collection(nameof(ToldServer))]
public sealed class DecisionQueriesTests(AToldServer told)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task decisions_are_listed_and_found_by_what_they_say()
    {
        using var client = told.Server.ClientOf("compliance");
        string[] Ids(Got got) => [.. got.Document["decisions"]!.AsArray().Select(one => (string)one!["decision_id"]!)];
        async Task<IReadOnlyList<string>> FoundAsync(string filter) => Ids(await Got.FromAsync(client, $"/v1/decisions?{filter}"));
        string[] made = [.. told.Answers.Select(answer => answer.Decision!.DecisionId)];

        var all = await Got.FromAsync(client, "/v1/decisions");
        Assert.Equal(made.Order(StringComparer.Ordinal), Ids(all).Order(StringComparer.Ordinal));
        Assert.Equal((await told.Server.Ledger.Queries.StatusAsync(Cancellation)).LastSequence, all.Sequence);
        Assert.Equal([made[0]], await FoundAsync($"candidate={told.First.CandidateId}"));
        Assert.Equal([made[2]], await FoundAsync("action=deny"));
        Assert.Equal([made[2]], await FoundAsync($"action=deny&reason={told.Answers[2].Decision!.Reasons[^1]}"));
        Assert.Equal(3, (await FoundAsync("target=paper")).Count);
        Assert.Equal([], await FoundAsync("target=live"));
        Assert.Equal(3, (await FoundAsync("since=2026-02-25T13:00:00Z&until=2026-02-25T13:00:01Z")).Count);
        Assert.Equal([], await FoundAsync("until=2026-02-25T13:00:00Z"));

        var line = (await Got.FromAsync(client, "/v1/decisions?action=deny")).Document["decisions"]![0]!;
        var decided = told.Answers[2].Decision!;
        Assert.Equal(decided.Reasons, line["reasons"]!.AsArray().Select(reason => (string)reason!));
        Assert.Equal(decided.FactsSha256.ToString(), (string)line["facts_sha256"]!);
        Assert.Equal(decided.At.ToString(), (string)line["decided_at"]!);
    }

    [Fact]
    public async Task decisions_made_at_one_instant_are_walked_one_by_one()
    {
        using var client = told.Server.ClientOf("compliance");
        var walked = await PagedWalk.WalkAsync(client, "/v1/decisions?limit=1", "decisions");
        var expected = told.Answers.Select(answer => answer.Decision!.DecisionId).Order(StringComparer.Ordinal);
        Assert.Equal(expected, walked.Select(one => (string)one["decision_id"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task one_decision_is_shown_with_all_reasons_and_hashes()
    {
        using var client = told.Server.ClientOf("auditor");
        foreach (var answer in told.Answers)
        {
            var got = await Got.FromAsync(client, $"/v1/decisions/{answer.Decision!.DecisionId}");
            var recorded = await told.Server.Ledger.Decisions.FindAsync(answer.Decision.DecisionId, Cancellation);
            Assert.Equal(Got.TextOf(recorded!.ToJson()), got.DocumentOfLedger);
            Assert.True(got.Sequence >= recorded.Events[^1].Sequence);
        }
    }

    [Fact]
    public async Task a_decision_is_derived_again_on_demand_by_those_who_verify()
    {
        var path = $"/v1/decisions/{told.Answers[2].Decision!.DecisionId}/replay";
        using var auditor = told.Server.ClientOf("auditor");
        var got = await Got.FromAsync(auditor, path);
        Assert.Equal((HttpStatusCode.OK, "match"), (got.Status, (string)got.Document["outcome"]!));
        Assert.Empty(got.Document["differences"]!.AsArray());
        Assert.Equal(told.Loser.CandidateId, (string)got.Document["candidate_id"]!);
        Assert.True(got.Sequence > 0);
        using var worker = told.Server.ClientOf("worker");
        Assert.Equal((HttpStatusCode.Forbidden, "not_authorised", null), (await Got.FromAsync(worker, path)).Problem);
    }

    [Fact]
    public async Task gate_failures_are_counted_by_day_gate_and_reason()
    {
        using var client = told.Server.ClientOf("compliance");
        var got = await Got.FromAsync(client, "/v1/statistics/gate-failures");
        var rows = got.Document["gate_failures"]!.AsArray().Select(row => row!.AsObject()).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(("2026-02-25", 1L), ((string)row["day"]!, (long)row["failures"]!)));
        Assert.True(got.Sequence > 0);
        var same = await Got.FromAsync(client, "/v1/statistics/gate-failures?since=2026-02-25&until=2026-02-26");
        Assert.Equal(rows.Length, same.Document["gate_failures"]!.AsArray().Count);
        var none = await Got.FromAsync(client, "/v1/statistics/gate-failures?since=2026-02-26&until=2026-02-27");
        Assert.Empty(none.Document["gate_failures"]!.AsArray());
    }

    [Fact]
    public async Task a_run_is_shown_with_its_artifacts()
    {
        using var client = told.Server.ClientOf("worker");
        var got = await Got.FromAsync(client, $"/v1/runs/{told.First.RunId}");
        var execution = Assert.Single(got.Document["executions"]!.AsArray())!.AsObject();
        Assert.Equal(
            (told.First.CandidateId, told.First.EvaluationId, "completed"),
            ((string)execution["candidate_id"]!, (string)execution["evaluation_id"]!, (string)execution["status"]!));
        var expected = told.First.Submission.Artifacts.Select(artifact => (artifact.Path, artifact.Content.Sha256.ToString()))
            .OrderBy(one => one.Path, StringComparer.Ordinal);
        Assert.Equal(expected, execution["artifacts"]!.AsArray().Select(one => ((string)one!["path"]!, (string)one["sha256"]!)));
        Assert.True(got.Sequence > 0);
    }

    [Theory]
    [InlineData("/v1/decisions/0123", "unknown_decision")]
    [InlineData("/v1/decisions/0123456789abcdef01234567", "unknown_decision")]
    [InlineData("/v1/decisions/0123456789abcdef01234567/replay", "unknown_decision")]
    [InlineData("/v1/runs/0123456789abcdef01234567", "unknown_run")]
    [InlineData("/v1/runs/run", "unknown_run")]
    public async Task what_is_not_there_is_said_not_to_be(string path, string expected)
    {
        using var client = told.Server.ClientOf("auditor");
        var (status, code, _) = (await Got.FromAsync(client, path)).Problem;
        Assert.Equal((HttpStatusCode.NotFound, expected), (status, code));
    }

    [Theory]
    [InlineData("/v1/decisions?candidate=Cand", "candidate")]
    [InlineData("/v1/decisions?target=moon", "target")]
    [InlineData("/v1/decisions?action=maybe", "action")]
    [InlineData("/v1/decisions?since=1", "since")]
    [InlineData("/v1/decisions?reason=%00", "reason")]
    [InlineData("/v1/decisions?until=2026-02-30T00:00:00Z", "until")]
    [InlineData("/v1/decisions?limit=many", "limit")]
    [InlineData("/v1/decisions?after=1", "after")]
    [InlineData("/v1/decisions/0123456789abcdef01234567?version=1", "version")]
    [InlineData("/v1/statistics/gate-failures?since=2026-02-30", "since")]
    [InlineData("/v1/statistics/gate-failures?since=2026-02-25&until=2026-02-24", "until")]
    [InlineData("/v1/statistics/gate-failures?since=2024-02-25&until=2026-02-24", "until")]
    [InlineData("/v1/runs/0123456789abcdef01234567?version=1", "version")]
    public async Task a_wrong_parameter_is_named(string path, string field)
    {
        using var client = told.Server.ClientOf("auditor");
        Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", field), (await Got.FromAsync(client, path)).Problem);
    }
}
