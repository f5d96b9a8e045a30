using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Tests.Decisions;

/// <summary>What no content and no facts can bring about.</summary>
public class DecisionProperties
{
    private static readonly DecidedRun Run = DecidedRun.Paper;

    /// <summary>Artifacts that a promotion to paper rests on: with anything else in their place there is none.</summary>
    private static readonly string[] Asked =
    [
        LanePaths.EvaluationReport, LanePaths.EventCar, LanePaths.Reward, LanePaths.Benchmark, LanePaths.Evidence, LanePaths.Validation,
        LanePaths.GateInputs, LanePaths.WalkForwardResults,
    ];

    private static readonly Gen<int> AskedAt = Gen.Int[0, Asked.Length - 1];

    private static readonly string[] Texts = ["{}", "[]", "null", "{\"records\":[1]}", "{\"gates\":[[]]}", "\u0000"];

    private static readonly Gen<byte[]> Junk = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        AnyJson.Value.Select(FileJson.Bytes),
        Gen.Int[0, Texts.Length - 1].Select(at => Encoding.UTF8.GetBytes(Texts[at])));

    [Fact]
    public void removing_any_content_never_promotes_and_names_a_reason()
    {
        foreach (var hash in Run.Artifacts.Select(artifact => artifact.Sha256).Distinct())
        {
            var decided = Run.Without(hash).Decide().Decided;
            Assert.Equal(PromotionAction.Deny, decided.Action);
            Assert.Contains("artifact_missing", decided.Reasons);
        }
    }

    [Fact]
    public void corrupting_any_content_never_promotes_and_names_a_reason() => Gen.Select(Gen.Int[0, Run.Artifacts.Count - 1], Junk).Sample(
        (at, bytes) =>
        {
            var hash = Run.Artifacts[at].Sha256;
            var decided = Run.WithBytes(hash, bytes).Decide().Decided;
            return decided.Action == PromotionAction.Deny && decided.Reasons.Contains("artifact_corrupt");
        },
        iter: Iterations.Of(200));

    [Fact]
    public void junk_that_a_worker_submits_as_an_artifact_never_throws_and_never_promotes() => Gen.Select(AskedAt, Junk).Sample(
        (at, bytes) =>
        {
            var decided = Run.Bringing(Asked[at], bytes).Decide().Decided;
            return decided.Action == PromotionAction.Deny && !BreaksAStep(decided);
        },
        iter: Iterations.Of(300));

    [Fact]
    public void junk_in_place_of_everything_never_throws_and_never_promotes() => Junk.Array[24].Sample(
        documents =>
        {
            var run = Run;
            var at = 0;
            foreach (var file in Run.Outcome.Files.Append(Run.Outcome.GateInputsFile))
                run = run.Bringing(file.Path, documents[at++ % documents.Length]);
            return run.Decide().Decided.Action == PromotionAction.Deny;
        },
        iter: Iterations.Of(100));

    [Fact]
    public void junk_in_a_member_of_an_artifact_never_throws() => Gen.Select(AskedAt, Gen.Int[0, 100_000], AnyJson.Value).Sample(
        (at, pick, value) =>
        {
            var document = Run.Read(Asked[at]);
            var places = JsonPlaces.Below(document).Take(400).ToArray();
            var changed = JsonPlaces.Replace(document, places[pick % places.Length], value);
            var decided = Run.Bringing(Asked[at], FileJson.Bytes(changed)).Decide().Decided;
            return !BreaksAStep(decided);
        },
        iter: Iterations.Of(300));

    [Fact]
    public void junk_documents_of_the_run_never_throw_and_never_promote() => Gen.Select(Gen.Int[0, 3], Junk).Sample(
        (which, bytes) =>
        {
            var hash = Sha256Hash.Of(bytes);
            var run = DecidedRun.Live.WithBytes(hash, bytes).WithStart(start => which switch
            {
                0 => start with { SignalsSha256 = hash },
                1 => start with { GatePolicySha256 = hash },
                2 => start with { Documents = start.Documents with { ForecastMetrics = hash } },
                _ => start with { Documents = start.Documents with { DriftEvidence = hash } },
            });
            return run.Decide().Decided.Action == PromotionAction.Deny;
        },
        iter: Iterations.Of(200));

    private static bool BreaksAStep(PromotionDecided decided) =>
        decided.Reasons.Any(reason => reason.EndsWith("_evaluation_failed", StringComparison.Ordinal));

    [Theory]
    [InlineData("gate-policy.json")]
    [InlineData("gate-policy-basic.json")]
    public void nothing_reaches_live_under_a_shipped_policy(string policy)
    {
        var run = DecidedRun.Under(RepositoryFiles.Json("config", policy), "live");
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool).Sample(
            (drills, approvals, champion) =>
            {
                var decided = run.With(facts => facts with
                {
                    Drills = drills ? facts.Drills : [],
                    Approvals = approvals ? facts.Approvals : [],
                    Champion = champion ? run.Candidate.CandidateId : null,
                }).Decide().Decided;
                return decided is { Action: PromotionAction.Deny, ApprovedMode: null }
                    && decided.Reasons.Contains("live_rollout_disabled_by_policy");
            },
            iter: Iterations.Of(20));
    }

    [Fact]
    public void leaving_out_any_fact_that_speaks_for_the_promotion_denies()
    {
        foreach (var drill in Run.Facts.Drills)
            Assert.Equal(PromotionAction.Deny, Run.WithoutDrill(drill.Check).Decide().Decided.Action);
        Assert.Equal(PromotionAction.Deny, Run.With(facts => facts with { Policies = [] }).Decide().Decided.Action);
        Assert.Equal(PromotionAction.Deny, Run.With(facts => facts with { Approvals = [] }).Decide().Decided.Action);
    }
}
