using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Tests.Gates;

namespace JanusQ.Ledger.Core.Tests.Promotion;

/// <summary>What holds for a whole promotion: gates, prerequisites, rollback readiness, drift and recommendation together.</summary>
public class PromotionPropertyTests
{
    private static readonly PolicyKey[] Ordered = [.. PolicyKeys.All.Where(key => key.Strictness != PolicyStrictness.None)];

    /// <summary>Members of the gate report, the state and the artifacts that no rule asks for: without them nothing is lost.</summary>
    private static readonly string[] NotAskedFor =
    [
        "policy_version", "conformal_interval_width", "shift_score", "recalibration_run_id", "evaluated_at", "code_version",
        "artifact_refs",
        "artifact_ref", "no_signal_window", "no_signal_reason", "fold_metrics_count", "stress_metrics_count", "paused",
        "datasetSnapshotRef",
        "noSignalReason", "promotion_rationale.requested_target", "promotion_rationale.gate_recommended_mode",
        "promotion_rationale.gate_reasons",
        "promotion_rationale.rationale_text", "janus_q.reasons", "generated_at", "methodology", "reward_version",
        "direction_gate_pass_ratio",
        "event_car.schema_version", "hgrm_reward.schema_version", "trade_count", "reasons", "gates.3", "gates.4",
        "gates.5", "gates.7", "janus_q.schema_version",
    ];

    [Fact]
    public void the_passing_run_is_promoted_to_every_target_above_shadow_and_held_in_shadow()
    {
        Assert.Equal(PromotionAction.Promote, PassingRun.Live.Recommend().Action);
        Assert.Equal(PromotionAction.Promote, (PassingRun.Live with { Target = PromotionTarget.Paper }).Recommend().Action);
        Assert.Equal(PromotionAction.Hold, (PassingRun.Live with { Target = PromotionTarget.Shadow }).Recommend().Action);
    }

    [Fact]
    public void removing_any_one_member_that_a_rule_asks_for_denies_with_a_reason()
    {
        var run = PassingRun.Live;
        var checkedPlaces = 0;
        foreach (var (where, place, changed) in Removals(run))
        {
            var name = $"{where}.{JsonPlaces.Name(place)}";
            var result = changed.Prerequisites();
            var allowed = result.Allowed && changed.Rollback().Ready;
            if (NotAskedFor.Any(free => (name + ".").Contains($".{free}.", StringComparison.Ordinal)))
                continue;
            checkedPlaces++;
            Assert.False(allowed, $"{name} can be removed unseen");
        }

        Assert.True(checkedPlaces > 200, $"{checkedPlaces}");
    }

    [Fact]
    public void changing_any_text_or_number_of_a_janus_artifact_or_its_block_is_found()
    {
        var run = PassingRun.Live;
        foreach (var path in new[] { PassingRun.EventCarPath, PassingRun.RewardPath, PassingRun.EvidencePath })
        {
            var document = run.Artifacts[path]!;
            foreach (var place in JsonPlaces.Below(document))
            {
                var value = JsonPlaces.At(document, place);
                JsonValue? other = value switch
                {
                    JsonText text => text.Value + "1",
                    JsonInteger number => new JsonInteger(number.Value + 1),
                    JsonBoolean flag => !flag.Value,
                    _ => null,
                };
                var name = $"{path}.{JsonPlaces.Name(place)}";
                if (other is null || NotAskedFor.Any(free => name.Contains("." + free, StringComparison.Ordinal))) continue;
                if (path == PassingRun.EvidencePath && name.Contains("reasons", StringComparison.Ordinal)) continue;
                var changed = run with { Artifacts = run.Artifacts.With(path, JsonPlaces.Replace(document, place, other)) };
                Assert.False(changed.Prerequisites().Allowed, $"{name} can be changed unseen");
            }
        }
    }

    [Fact]
    public void tightening_any_key_never_turns_deny_into_allow() =>
        Gen.Select(AnyPolicy, Gen.Int[0, Ordered.Length - 1], Gen.Int[1, 400], NearlyPassing, AnyTarget).Sample(
            (document, at, step, inputs, target) =>
            {
                var key = Ordered[at];
                var run = PassingRun.Live with { Policy = document, Inputs = inputs, Target = target };
                var tightened = document.With(key.Name, Tighten(key, run.EffectivePolicy.Show(key), step));
                var stricter = run with { Policy = tightened };
                if (stricter.Recommend().Eligible)
                    Assert.True(
                        run.Recommend().Eligible, $"{key.Name}: {tightened[key.Name]} allows what {run.EffectivePolicy.Show(key)} denies");
                if (stricter.Rollback().Ready) Assert.True(run.Rollback().Ready);
            },
            iter: Iterations.Of(1500));

    [Fact]
    public void tightening_each_key_of_the_passing_run_far_enough_denies_or_concerns_a_check_that_lies_elsewhere()
    {
        foreach (var key in Ordered)
        {
            if (key.Name is "gate6_min_confidence_samples" or "gate2_max_fragility_state_rank") continue;
            var policy = PassingInputs.LivePolicy.With(key.Name, Tighten(key, PassingRun.Live.EffectivePolicy.Show(key), 1_000_000));
            var run = PassingRun.Live with { Policy = policy };
            if (key.Strictness is PolicyStrictness.True || (key.Strictness == PolicyStrictness.More && key.TypeName == "targets"))
                Assert.True(run.Recommend().Eligible);
            else Assert.False(run.Recommend().Eligible, key.Name);
        }
    }

    [Fact]
    public void the_checks_answer_for_any_documents_whatsoever()
    {
        var report = PassingRun.Live.MakeReport();
        Gen.Select(
            GateMatrixTests.Changed(report),
            GateMatrixTests.Changed(PassingRun.Live.State),
            GateMatrixTests.Changed(PassingRun.Live.Artifacts),
            AnyJson.Value,
            AnyTarget)
            .Sample(
                (changedReport, state, artifacts, drift, target) =>
                {
                    var run = PassingRun.Live with { Report = changedReport, State = state, Artifacts = artifacts, Target = target };
                    var prerequisites = run.Prerequisites();
                    var rollback = run.Rollback();
                    var driftGate = DriftGate.Evaluate(target, drift);
                    AssertSortedUnique(prerequisites.Reasons);
                    AssertSortedUnique(prerequisites.RequiredArtifacts);
                    AssertSortedUnique(prerequisites.MissingArtifacts);
                    AssertSortedUnique(prerequisites.ArtifactRefs);
                    AssertSortedUnique(rollback.Reasons);
                    AssertSortedUnique(driftGate.Reasons);
                    AssertSortedUnique(driftGate.ArtifactRefs);
                    Assert.Equal(
                        prerequisites.Reasons,
                        prerequisites.ReasonDetails.Select(detail => detail["reason"].TextOf()).Distinct().Order(CodePoints.Order));
                    foreach (var json in new[] { prerequisites.ToJson(), rollback.ToJson(), driftGate.ToJson() })
                        Assert.True(JsonValue.TryRead(FileJson.Bytes(json), out _, out _));
                    foreach (var reason in prerequisites.Reasons.Concat(rollback.Reasons)) Assert.NotNull(ReasonCatalogue.Find(reason));
                },
                iter: Iterations.Of(1500));
    }

    [Fact]
    public void artifacts_of_any_bytes_are_read_or_missing() =>
        Gen.Byte.Array[0, 60].Sample(
            bytes =>
            {
                var documents = PassingRun.Live.Artifacts.Members.ToDictionary(document => document.Key, _ => bytes);
                var result = Prerequisites.Evaluate(
                    PassingRun.Live.EffectivePolicy, PassingRun.Live.MakeReport(), PassingRun.Live.State, PromotionTarget.Live,
                    new RunArtifacts(documents));
                Assert.Contains("janus_event_car_artifact_missing", result.Reasons);
                Assert.Contains("profitability_evidence_validation_missing", result.Reasons);
                Assert.Empty(result.MissingArtifacts);
            },
            iter: Iterations.Of(200));

    [Fact]
    public void live_is_never_promoted_under_a_shipped_policy()
    {
        foreach (var file in new[] { "gate-policy.json", "gate-policy-basic.json" })
        {
            var run = PassingRun.Live with { Policy = RepositoryFiles.Json("config", file) };
            Assert.Equal(PromotionAction.Promote, (run with { Target = PromotionTarget.Paper }).Recommend().Action);
            GateMatrixTests.AnyInputs.Sample(
                inputs =>
                {
                    foreach (var target in PromotionTargets.All)
                    {
                        var recommendation = (run with { Inputs = inputs, Target = target }).Recommend();
                        Assert.False(recommendation.Eligible && recommendation.Basis.RecommendedMode == PromotionTarget.Live);
                        if (target == PromotionTarget.Live) Assert.Equal(PromotionAction.Deny, recommendation.Action);
                    }
                },
                iter: Iterations.Of(150));
        }
    }

    private static readonly Gen<PromotionTarget> AnyTarget = Gen.Int[1, 3].Select(rank => (PromotionTarget)rank);

    /// <summary>The passing inputs, some of them a little beyond a default limit.</summary>
    private static readonly Gen<JsonObject> NearlyPassing =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 40]).Select((which, amount) => which switch
    {
        0 => PassingInputs.Set(PassingInputs.Document, "metrics.max_drawdown", 230 + amount),
        1 => PassingInputs.Set(PassingInputs.Document, "metrics.net_pnl", 20 - amount),
        2 => PassingInputs.Set(PassingInputs.Document, "profitability_evidence.confidence_calibration.shift_score", $"0.{50 + amount}"),
        3 => PassingInputs.Set(
            PassingInputs.Document, "profitability_evidence.confidence_calibration.calibration_error", $"0.{30 + amount}"),
        4 => PassingInputs.Set(PassingInputs.Document, "fragility_state", amount % 2 == 0 ? "crisis" : "normal"),
        5 => PassingInputs.Set(PassingInputs.Document, "robustness.net_pnl_cv", $"{amount / 10}.{amount % 10}"),
        6 => (JsonObject)JsonPlaces.Remove(PassingInputs.Document, ["profitability_evidence", "janus_q"]),
        7 => PassingInputs.Set(PassingInputs.Document, "symbol_coverage", amount / 10),
        _ => PassingInputs.Document,
    });

    /// <summary>Policies with a few keys moved to either side of their default.</summary>
    private static readonly Gen<JsonObject> AnyPolicy =
        Gen.Select(Gen.Int[0, Ordered.Length - 1], Gen.Int[-200, 200]).Array[0, 5].Select(changes =>
    {
        var document = PassingInputs.LivePolicy;
        foreach (var (at, step) in changes)
        {
            var key = Ordered[at];
            document = document.With(key.Name, Move(key, key.Default, step));
        }

        return document;
    });

    private static JsonValue Tighten(PolicyKey key, JsonValue value, int step) => key.Strictness switch
    {
        PolicyStrictness.True => true,
        PolicyStrictness.False => false,
        PolicyStrictness.More => new JsonArray(((JsonArray)value).Elements.Append(key.TypeName == "targets" ? "live" : "added.json")),
        _ => Move(key, value, key.Strictness == PolicyStrictness.Lower ? -step : step),
    };

    private static JsonValue Move(PolicyKey key, JsonValue value, int step) => value switch
    {
        JsonInteger number => (long)number.Value + step,
        JsonText text => (Decimal28.Of(text.Value) + (Decimal28.Of(step) / Decimal28.Of(100))).ToString(),
        JsonBoolean => step > 0,
        JsonArray array => new JsonArray(step > 0 ? array.Elements.Skip(1) : array.Elements),
        _ => throw new InvalidOperationException(key.Name),
    };

    private static IEnumerable<(string Where, object[] Place, PassingRun Changed)> Removals(PassingRun run)
    {
        var report = run.MakeReport();
        foreach (var place in JsonPlaces.Below(report))
            yield return ("report", place, run with { Report = (JsonObject)JsonPlaces.Remove(report, place) });
        foreach (var place in JsonPlaces.Below(run.State))
            yield return ("state", place, run with { State = (JsonObject)JsonPlaces.Remove(run.State, place) });
        foreach (var place in JsonPlaces.Below(run.Artifacts))
            yield return ("artifacts", place, run with { Artifacts = (JsonObject)JsonPlaces.Remove(run.Artifacts, place) });
    }

    private static void AssertSortedUnique(IReadOnlyList<string> texts) => Assert.Equal(texts.Distinct().Order(CodePoints.Order), texts);
}
