using System.Text;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Ingest;

namespace JanusQ.Ledger.Tests.Ingest;

public sealed class FinishedLaneTests
{
    private const string Case = "live-promoted";

    public static TheoryData<string> Cases => [.. VectorLane.Finished];

    [Theory]
    [MemberData(nameof(Cases))]
    public void a_lane_in_any_language_is_read_as_the_run_that_its_documents_make(string name)
    {
        var lane = VectorLane.Open(name);

        var read = lane.Read();

        Assert.Equal(((JsonText)lane.Report["run_id"]!).Value, read.RunId);
        var submission = read.ToSubmission(ALedger.Worker);
        Assert.Equal(
            lane.Files.Keys.Concat(lane.Inputs.Select(input => $"inputs/{input.Name}/{input.Ref}")).Order(StringComparer.Ordinal),
            submission.Artifacts.Select(artifact => artifact.Path).Order(StringComparer.Ordinal));
        Assert.Equal(lane.Inputs.Single(input => input.Name == "signals").Content.Sha256, submission.Start.SignalsSha256);
    }

    [Theory]
    [InlineData("gates/gate-evaluation.json", "", "", "lane_incomplete")]
    [InlineData("gates/gate-evaluation.json", "{", "[", "lane_incomplete")]
    [InlineData("gates/gate-evaluation.json", "\"promotion_target\": \"live\"", "\"promotion_target\": \"moon\"", "lane_report_invalid")]
    [InlineData("gates/gate-evaluation.json", "2026-02-26T00:00:00+00:00", "yesterday", "lane_report_invalid")]
    [InlineData("gates/gate-evaluation.json", "d2264ee3ce59f484ffd4f967", "D2264EE3CE59F484FFD4F967", "lane_report_invalid")]
    [InlineData("backtest/evaluation-report.json", "}", "} ", "lane_hash_mismatch")]
    [InlineData("backtest/walkforward-results.json", "", "", "lane_hash_mismatch")]
    [InlineData("gates/janus-event-car-v1.json", "\"run_id\": \"d", "\"run_id\": \"e", "lane_hash_mismatch")]
    [InlineData("research/candidate-spec.json", "d2264ee3ce59f484ffd4f967", "e2264ee3ce59f484ffd4f967", "lane_identity_mismatch")]
    public void a_file_that_was_changed_or_taken_away_is_refused_by_name(string path, string from, string to, string code)
    {
        var lane = VectorLane.Open(Case);
        if (from.Length == 0)
        {
            lane.Files.Remove(path);
        }
        else
        {
            var text = Encoding.UTF8.GetString(lane.Files[path].Bytes.Span);
            Assert.Contains(from, text, StringComparison.Ordinal);
            lane.Files[path] = new DocumentContent(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        }

        var refusal = Assert.Throws<RefusedException>(lane.Read).Refusal;
        Assert.Equal((code, path), (refusal.Code, ((JsonText)refusal.ToJson()["path"]!).Value));
    }

    [Fact]
    public void a_report_of_another_run_does_not_fit_to_the_rest()
    {
        var lane = VectorLane.Open(Case);
        var text = Encoding.UTF8.GetString(lane.Files["gates/gate-evaluation.json"].Bytes.Span);
        var changed = text.Replace("d2264ee3ce59f484ffd4f967", "0123456789abcdef01234567", StringComparison.Ordinal);
        lane.Files["gates/gate-evaluation.json"] = new DocumentContent(Encoding.UTF8.GetBytes(changed));
        Assert.Equal("lane_identity_mismatch", Assert.Throws<RefusedException>(lane.Read).Refusal.Code);
    }

    [Fact]
    public void every_input_document_that_was_changed_is_refused()
    {
        foreach (var name in new[] { "signals", "strategy_config", "gate_policy" })
        {
            var lane = VectorLane.Open(Case);
            var at = lane.Inputs.FindIndex(input => input.Name == name);
            lane.Inputs[at] = lane.Inputs[at] with { Content = new DocumentContent(Encoding.UTF8.GetBytes("{}")) };
            var refusal = Assert.Throws<RefusedException>(lane.Read).Refusal;
            Assert.Equal(("lane_hash_mismatch", $"inputs/{name}"), (refusal.Code, ((JsonText)refusal.ToJson()["path"]!).Value));
        }
    }

    [Fact]
    public void artifacts_whose_hashes_were_made_to_fit_still_have_to_follow_from_their_own_entries()
    {
        var lane = VectorLane.Open(Case);
        const string Path = "gates/janus-event-car-v1.json";
        const string Evidence = "gates/profitability-evidence-v4.json";
        var text = Encoding.UTF8.GetString(lane.Files[Path].Bytes.Span);
        var changed = new DocumentContent(
            Encoding.UTF8.GetBytes(text.Replace("\"event_count\": ", "\"event_count\": 1", StringComparison.Ordinal)));
        Assert.NotEqual(lane.Files[Path].Sha256, changed.Sha256);
        foreach (var (path, content) in lane.Files.ToArray())
        {
            var other = Encoding.UTF8.GetString(content.Bytes.Span)
                .Replace(lane.Files[Path].Sha256.ToString(), changed.Sha256.ToString(), StringComparison.Ordinal);
            if (path != Path) lane.Files[path] = new DocumentContent(Encoding.UTF8.GetBytes(other));
        }

        Assert.Contains(Evidence, lane.Files.Keys);
        lane.Files[Path] = changed;
        var refusal = Assert.Throws<RefusedException>(lane.Read).Refusal;
        Assert.Equal(("lane_manifest_mismatch", Path), (refusal.Code, ((JsonText)refusal.ToJson()["path"]!).Value));
    }

    [Theory]
    [InlineData("signals")]
    [InlineData("gate_policy")]
    [InlineData("strategy_config")]
    public void without_a_document_the_hash_that_the_evidence_states_stands_for_it(string name)
    {
        var lane = VectorLane.Open(Case);
        var hash = lane.Inputs.Single(input => input.Name == name).Content.Sha256;
        lane.Inputs.RemoveAll(input => input.Name == name);
        var start = lane.Read().ToSubmission(ALedger.Worker).Start;
        Assert.Contains(hash, new[] { start.SignalsSha256, start.GatePolicySha256, start.StrategyConfigSha256 });

        lane.Files.Remove("gates/profitability-evidence-v4.json");
        Assert.Equal("lane_input_unknown", Assert.Throws<RefusedException>(lane.Read).Refusal.Code);
    }

    [Fact]
    public void documents_that_no_lane_has_and_paths_that_no_file_can_have_are_refused()
    {
        var lane = VectorLane.Open(Case);
        lane.Inputs.Add(new LaneInputDocument("horoscope", "stars.json", new DocumentContent("{}"u8.ToArray())));
        Assert.Equal("lane_input_unknown", Assert.Throws<RefusedException>(lane.Read).Refusal.Code);

        lane.Inputs[^1] = lane.Inputs[0];
        Assert.Equal("lane_input_unknown", Assert.Throws<RefusedException>(lane.Read).Refusal.Code);

        foreach (var path in new[] { "../outside.json", "/etc/passwd", "inputs/signals/signals.json", "a//b", "" })
        {
            var other = VectorLane.Open(Case);
            other.Files[path] = new DocumentContent("{}"u8.ToArray());
            Assert.Equal("lane_report_invalid", Assert.Throws<RefusedException>(other.Read).Refusal.Code);
        }
    }
}
