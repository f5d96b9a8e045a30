using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Conformance;

/// <summary>
/// gates-and-policy.md section 10, through the ledger's own events: each record is decided on the states that the events before it add up
/// to, and what the vectors expect is read from states and events.
/// </summary>
public class LifecycleFamily
{
    [Fact]
    public void Candidates_champions_and_decisions() => VectorFamily.Check(
        "lifecycle",
        vector =>
        {
            var ledger = new RecordedLedger();
            foreach (var record in ((JsonArray)vector.Input["records"]!).Elements) ledger.Record((JsonObject)record);
            return ledger.ToJson();
        },
        inOrder: false);

    private sealed class RecordedLedger
    {
        private readonly Dictionary<string, Candidate> _candidates = [];
        private readonly Dictionary<PromotionTarget, ChampionSlot> _places =
            PromotionTargets.All.ToDictionary(target => target, ChampionSlot.Empty);

        private readonly List<JsonValue> _decisions = [];

        public void Record(JsonObject record)
        {
            var candidateId = VectorFamily.Text(record["candidate_id"]);
            var target = PromotionTargets.Read(record["promotion_target"]);
            var recommendation = (JsonObject)record["recommendation"]!;
            var mode = PromotionTargets.Read(recommendation["recommended_mode"]);
            var candidate = _candidates.GetValueOrDefault(candidateId) ?? Candidate.Unrecorded(candidateId);
            var place = _places[target];
            var decided = Decision(_decisions.Count, VectorFamily.Text(record["run_id"]), candidateId, target, mode, recommendation, place);
            if (ChampionDecider.FindRepeated(candidate, decided) is not null) return;

            var change = ChampionDecider.After(candidate, decided, mode, place);
            Append(candidateId, [decided, .. change.OfCandidate]);
            if (change.OtherCandidateId is { } other) Append(other, change.OfOther);
            foreach (var happened in change.OfPlace) _places[target] = _places[target].After(happened);
            _decisions.Add(Line(candidateId, VectorFamily.Text(recommendation["action"]), target, decided.ApprovedMode, decided.Rationale,
                decided.TraceId, null, decided.RollbackCandidateId));
            AddDemotions(candidateId, change.OfCandidate);
            if (change.OtherCandidateId is { } former) AddDemotions(former, change.OfOther);
        }

        public JsonObject ToJson() => JsonObject.Of(
            ("candidates", new JsonObject(
                _candidates.Select(entry => new KeyValuePair<string, JsonValue>(entry.Key, Standing(entry.Value))))),
            ("champions", new JsonObject(_places.Select(entry =>
                new KeyValuePair<string, JsonValue>(entry.Key.Name(), entry.Value.Champion?.CandidateId)))),
            ("decisions", new JsonArray(_decisions)));

        private static PromotionDecided Decision(
            int number, string runId, string candidateId, PromotionTarget target, PromotionTarget mode, JsonObject recommendation,
            ChampionSlot place)
        {
            var eligible = recommendation["eligible"] is JsonBoolean { Value: true };
            var former = place.Champion?.CandidateId;
            return new PromotionDecided
            {
                Actor = "worker",
                Role = "worker",
                At = Instant.Parse("2026-01-05T14:30:00+00:00"),
                DecisionId = CanonicalJson.Id(recommendation),
                RunId = runId,
                EvaluationId = runId,
                Target = target,
                Action = Enum.Parse<PromotionAction>(VectorFamily.Text(recommendation["action"]), ignoreCase: true),
                ApprovedMode = eligible ? mode : null,
                Reasons = [],
                Rationale = VectorFamily.Text(recommendation["rationale"]),
                TraceId = VectorFamily.Text(recommendation["trace_id"]),
                Steps = [],
                Facts = new PromotionFacts { DecidedAt = Instant.Parse("2026-01-05T14:30:00+00:00") },

                // The vectors know no facts: a record is only recognised by its trace id.
                FactsSha256 = Sha256Hash.Of(BitConverter.GetBytes(number)),
                ArtifactSetSha256 = Sha256Hash.Of([]),
                Evaluators = new EvaluatorVersions("none", "none", "none"),
                RollbackCandidateId = former == candidateId ? null : former,
            };
        }

        private static JsonObject Standing(Candidate candidate) => JsonObject.Of(
            ("role", candidate.Role.ToString().ToLowerInvariant()),
            ("status", candidate.Role switch
            {
                CandidateRole.Champion => "active",
                CandidateRole.Demoted => "standby",
                _ => "evaluated",
            }),
            ("promotion_target", candidate.Decisions[^1].Target.Name()));

        private static JsonObject Line(
            string candidateId, string action, PromotionTarget target, PromotionTarget? approved, string rationale, string? traceId,
            string? successor, string? rollback) => JsonObject.Of(
            ("candidate_id", candidateId),
            ("decision_action", action),
            ("requested_mode", target.Name()),
            ("approved_mode", approved?.Name()),
            ("decision_rationale", rationale),
            ("recommendation_trace_id", traceId),
            ("successor_candidate_id", successor),
            ("rollback_candidate_id", rollback));

        private void Append(string candidateId, ImmutableArray<CandidateEvent> events)
        {
            foreach (var happened in events)
            {
                _candidates[candidateId] = _candidates.TryGetValue(candidateId, out var candidate)
                    ? candidate.After(happened)
                    : Candidate.From(candidateId, happened);
            }
        }

        private void AddDemotions(string candidateId, ImmutableArray<CandidateEvent> events)
        {
            foreach (var demoted in events.OfType<CandidateDemoted>())
            {
                _decisions.Add(Line(candidateId, "demote", demoted.Target, PromotionTarget.Shadow, demoted.Why, demoted.TraceId,
                    demoted.Successor, candidateId));
            }
        }
    }
}
