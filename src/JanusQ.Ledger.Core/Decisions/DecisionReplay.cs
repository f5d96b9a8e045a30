using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>What a replay comes to (audit.md section 2).</summary>
public enum ReplayOutcome
{
    /// <summary>The decision derived again is the recorded one, byte for byte in canonical JSON, and all that it names is stored.</summary>
    Match,

    /// <summary>It is not.</summary>
    Mismatch,

    /// <summary>Content that the decision rests on is not stored.</summary>
    EvidenceMissing,

    /// <summary>Content that the decision rests on does not hash to its name.</summary>
    EvidenceCorrupt,

    /// <summary>The decision was derived by a version that this build does not have.</summary>
    EvaluatorUnknown,
}

/// <summary>The names of outcomes.</summary>
public static class ReplayOutcomes
{
    /// <summary><c>match</c>, <c>mismatch</c>, <c>evidence_missing</c>, <c>evidence_corrupt</c> or <c>evaluator_unknown</c>.</summary>
    public static string Name(this ReplayOutcome outcome) => outcome switch
    {
        ReplayOutcome.Match => "match",
        ReplayOutcome.Mismatch => "mismatch",
        ReplayOutcome.EvidenceMissing => "evidence_missing",
        ReplayOutcome.EvidenceCorrupt => "evidence_corrupt",
        ReplayOutcome.EvaluatorUnknown => "evaluator_unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "There are five outcomes."),
    };
}

/// <summary>A replay's answer.</summary>
public sealed record Replay
{
    /// <summary>The decision.</summary>
    public required string DecisionId { get; init; }

    /// <summary>What it comes to.</summary>
    public required ReplayOutcome Outcome { get; init; }

    /// <summary>
    /// Where the events derived again differ from the recorded ones: paths begin with the event, for instance
    /// <c>promotion_decided.reasons[0]</c>.
    /// </summary>
    public ImmutableArray<JsonDifference> Differences { get; init; } = [];

    /// <summary>Content that was asked for and is not stored, sorted.</summary>
    public ImmutableArray<Sha256Hash> Missing { get; init; } = [];

    /// <summary>Content that was asked for and is not what its name says, sorted.</summary>
    public ImmutableArray<Sha256Hash> Corrupt { get; init; } = [];

    /// <summary>Versions that this build does not have.</summary>
    public ImmutableArray<string> UnknownEvaluators { get; init; } = [];

    /// <summary>Members <c>decision_id</c>, <c>outcome</c>, <c>differences</c>, <c>missing</c>, <c>corrupt</c>,
    /// <c>unknown_evaluators</c>.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("decision_id", DecisionId),
        ("outcome", Outcome.Name()),
        ("differences", new JsonArray(Differences.Select(difference => (JsonValue)difference.ToJson()))),
        ("missing", JsonArray.OfTexts(Missing.Select(hash => hash.ToString()))),
        ("corrupt", JsonArray.OfTexts(Corrupt.Select(hash => hash.ToString()))),
        ("unknown_evaluators", JsonArray.OfTexts(UnknownEvaluators)));
}

/// <summary>
/// Derives a recorded decision again and compares (audit.md section 2). Reads only what was recorded: the candidate's events before the
/// decision, the facts in it, content by hash, and the versions that it names.
/// </summary>
public static class DecisionReplay
{
    /// <summary>Replays one decision.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="events">The candidate's events from the first, at least up to the decision.</param>
    /// <param name="decisionId">The decision.</param>
    /// <param name="content">The content store.</param>
    /// <param name="toJson">An event as it is recorded.</param>
    /// <exception cref="ArgumentException">The events hold no such decision.</exception>
    public static Replay Of(
        string candidateId,
        IReadOnlyList<CandidateEvent> events,
        string decisionId,
        FindContent content,
        Func<CandidateEvent, JsonValue> toJson)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(toJson);
        var recorded = events.Where(happened => string.Equals(DecisionOf(happened), decisionId, StringComparison.Ordinal)).ToArray();
        var decided = recorded.OfType<PromotionDecided>().FirstOrDefault()
            ?? throw new ArgumentException($"The events of {candidateId} hold no decision {decisionId}.", nameof(decisionId));
        var answer = new Replay { DecisionId = decisionId, Outcome = ReplayOutcome.Mismatch };
        if (!TryFind(decided.Evaluators, out var derivation, out var gates, out var checks, out var unknown))
            return answer with { Outcome = ReplayOutcome.EvaluatorUnknown, UnknownEvaluators = unknown };

        var verified = new VerifiedContent(content);
        var derived = Derive(candidateId, events, decided, verified, derivation!, gates!, checks!);
        var differences = Compare(recorded, derived is { } again ? again.Events : [], toJson);

        // What a decision names must be there for whoever wants to read it, also where deriving it does not need it.
        foreach (var named in new[] { decided.PolicySha256, decided.GateInputsSha256, decided.GateReportSha256 })
            if (named is { } hash) verified.Read(hash, out _);
        var (missing, corrupt) = (verified.Missing, verified.Corrupt);
        var knownMissing = differences.IsEmpty ? missing.RemoveAll(hash => !IsNamed(hash, decided)) : missing;
        var knownCorrupt = differences.IsEmpty ? corrupt.RemoveAll(hash => !IsNamed(hash, decided)) : corrupt;
        return answer with
        {
            Outcome = !knownCorrupt.IsEmpty ? ReplayOutcome.EvidenceCorrupt
                : !knownMissing.IsEmpty ? ReplayOutcome.EvidenceMissing
                : differences.IsEmpty ? ReplayOutcome.Match
                : ReplayOutcome.Mismatch,
            Differences = differences,
            Missing = knownMissing,
            Corrupt = knownCorrupt,
        };
    }

    private static DerivedDecision? Derive(
        string candidateId,
        IReadOnlyList<CandidateEvent> events,
        PromotionDecided decided,
        VerifiedContent content,
        IPromotionDerivation derivation,
        IGateEvaluator gates,
        IPromotionEvaluator checks)
    {
        Candidate? candidate = null;
        try
        {
            foreach (var happened in events)
            {
                if (string.Equals(DecisionOf(happened), decided.DecisionId, StringComparison.Ordinal)) break;
                candidate = candidate is null ? Candidate.From(candidateId, happened) : candidate.After(happened);
            }
        }
        catch (UnknownCandidateEventException)
        {
            // A stream that does not add up has no state to decide about: every recorded event differs from nothing.
            return null;
        }

        return candidate?.Find(decided.EvaluationId) is not { } evaluation ? null : derivation.Derive(
            new PromotionCase
            {
                Candidate = candidate,
                Evaluation = evaluation,
                Target = decided.Target,
                Facts = decided.Facts,
                By = new Submitter(decided.Actor, decided.Role),
                Content = hash => content.FindStored(hash),
            },
            gates,
            checks);
    }

    private static ImmutableArray<JsonDifference> Compare(
        CandidateEvent[] recorded, ImmutableArray<CandidateEvent> derived, Func<CandidateEvent, JsonValue> toJson)
    {
        var differences = ImmutableArray.CreateBuilder<JsonDifference>();
        foreach (var (name, type) in Names)
        {
            var before = recorded.Where(happened => happened.GetType() == type).Select(toJson).ToArray();
            var after = derived.Where(happened => happened.GetType() == type).Select(toJson).ToArray();
            for (var i = 0; i < Math.Max(before.Length, after.Length); i++)
            {
                foreach (var found in JsonDifference.Between(i < before.Length ? before[i] : null, i < after.Length ? after[i] : null))
                    differences.Add(found with { Path = found.Path.Length == 0 ? name : $"{name}.{found.Path}" });
            }
        }

        return differences.ToImmutable();
    }

    private static readonly (string Name, Type Type)[] Names =
    [
        ("gate_matrix_evaluated", typeof(GateMatrixEvaluated)),
        ("prerequisites_evaluated", typeof(PrerequisitesEvaluated)),
        ("rollback_readiness_evaluated", typeof(RollbackReadinessEvaluated)),
        ("promotion_decided", typeof(PromotionDecided)),
    ];

    private static string? DecisionOf(CandidateEvent happened) => happened switch
    {
        GateMatrixEvaluated matrix => matrix.DecisionId,
        PrerequisitesEvaluated prerequisites => prerequisites.DecisionId,
        RollbackReadinessEvaluated rollback => rollback.DecisionId,
        PromotionDecided decided => decided.DecisionId,
        _ => null,
    };

    private static bool IsNamed(Sha256Hash hash, PromotionDecided decided) =>
        hash == decided.PolicySha256 || hash == decided.GateInputsSha256 || hash == decided.GateReportSha256;

    private static bool TryFind(
        EvaluatorVersions versions,
        out IPromotionDerivation? derivation,
        out IGateEvaluator? gates,
        out IPromotionEvaluator? checks,
        out ImmutableArray<string> unknown)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        if (!PromotionDerivations.TryFind(versions.Derivation, out derivation)) missing.Add(versions.Derivation);
        if (!GateEvaluators.TryFind(versions.GateMatrix, out gates)) missing.Add(versions.GateMatrix);
        if (!PromotionEvaluators.TryFind(versions.PromotionChecks, out checks)) missing.Add(versions.PromotionChecks);
        unknown = missing.ToImmutable();
        return unknown.IsEmpty;
    }
}
