using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class CommandValidationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("c:/a")]
    [InlineData("a\0b")]
    [InlineData("a/b ")]
    [InlineData("a/b.")]
    public void a_path_that_leads_elsewhere_is_refused(string path) => Refused("path", Given.Emit(path));

    [Theory]
    [InlineData("gates/janus-event-car-v1.json")]
    [InlineData("a")]
    [InlineData(".hidden/..a")]
    public void a_relative_path_is_accepted(string path) => Assert.Null(CommandValidation.Check(Given.Emit(path)));

    [Fact]
    public void every_member_is_checked_and_named()
    {
        Refused("candidate_id", Given.Start with { CandidateId = "Cand 1" });
        Refused("run_id", Given.Start with { RunId = "0123456789ABCDEF01234567" });
        Refused("run_id", Given.Start with { RunId = "0123" });
        Refused("target", Given.Start with { Target = (PromotionTarget)7 });
        Refused("code_version", Given.Start with { CodeVersion = " " });
        Refused("worker", Given.Start with { Worker = "a\ud800" });
        Refused("actor", Given.Start with { By = new Submitter("", "worker") });
        Refused("role", Given.Start with { By = new Submitter("a", "a\0") });
        Refused("correlation_id", Given.Start with { By = new Submitter("a", "b", CorrelationId: "") });
        Refused("evaluation_id", Given.Emit() with { EvaluationId = "x" });
        Refused("size", Given.Emit() with { Artifact = Given.AnArtifact() with { Size = -1 } });
        Refused("media_type", Given.Emit() with { Artifact = Given.AnArtifact() with { MediaType = "json" } });
        Refused("schema_version", Given.Emit() with { Artifact = Given.AnArtifact() with { SchemaVersion = "" } });
        Refused("artifact_count", Given.Complete(Given.AnArtifact()) with { ArtifactCount = 0 });
        Refused("error_code", Given.Fail() with { ErrorCode = "Disk Full" });
        Refused("message", Given.Fail() with { Message = new string('x', 4001) });
        Refused("reason", Given.Skip() with { Reason = "" });
        Refused("window_end", Given.Skip() with { WindowEnd = Instant.Parse("2026-01-04") });
        var whole = new RecordLaneRun
        {
            CandidateId = Given.CandidateId,
            By = Given.Worker,
            Start = Given.Start,
            Artifacts = ArtifactSet.Empty
        };
        Refused("artifacts", whole);
        Refused("start.candidate_id", whole with { CandidateId = "cand-another" });
    }

    [Fact]
    public void targets_and_hashes_have_one_spelling()
    {
        Assert.True(PromotionTargets.TryParse("paper", out var paper));
        Assert.Equal("paper", paper.Name());
        foreach (var text in new[] { "Paper", "PAPER", " paper", "", null, "2" }) Assert.False(PromotionTargets.TryParse(text, out _));
        Assert.False(Sha256Hash.TryParse(new string('A', 64), out _));
        Assert.False(Sha256Hash.TryParse(new string('a', 63), out _));
    }

    private static void Refused(string field, CandidateCommand command)
    {
        var refusal = CommandValidation.Check(command);
        Assert.Equal("command_invalid", refusal?.Code);
        Assert.Equal(field, Assert.IsType<JsonText>(refusal!.ToJson()["field"]).Value);
        Assert.IsType<JsonText>(refusal.ToJson()["expected"]);
        Assert.Equal(CommandOutcome.Refused, CandidateDecider.Decide(null, command, Given.Now).Outcome);
    }
}
