using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using Marten;

namespace JanusQ.Ledger.Promotions;

/// <summary>Gathers what the ledger's own events say about a promotion, inside the transaction that decides it.</summary>
internal static class RecordedFacts
{
    /// <summary>The facts; the locks of the decision keep them as they are until it is committed.</summary>
    public static async Task<PromotionFacts> GatherAsync(
        IQuerySession session,
        Candidate candidate,
        Evaluation evaluation,
        PromotionTarget target,
        ChampionSlot place,
        FindContent content,
        Instant now,
        CancellationToken cancellation)
    {
        var safety = await session.LoadAsync<SafetyControls>(SafetyControls.Stream, cancellation) ?? SafetyControls.Unrehearsed;
        var books = await session.Query<PolicyBook>().ToListAsync(cancellation);
        var runId = evaluation.Start.RunId;
        return new PromotionFacts
        {
            DecidedAt = now,
            Policies = HashOf(content(evaluation.Start.GatePolicySha256)) is { } policy
                ? [.. books.OrderBy(book => book.Name, CodePoints.Order).Select(book => StandingOf(book, policy)).OfType<PolicyStanding>()]
                : [],
            Drills = safety.Drills,
            KillSwitch = safety.KillSwitch,
            Pause = candidate.Pause,
            Approvals = [.. candidate.Approvals.Where(approval => Same(approval.RunId, runId) && approval.Target == target)],
            Submitters = candidate.SubmittersOf(runId),
            EvidenceRolledBack = candidate.RolledBackEvidence.Contains(evaluation.ArtifactSetSha256 ?? evaluation.Artifacts.Hash()),
            Champion = place.Champion?.CandidateId,
        };
    }

    /// <summary>The hash under which a policy document is published; none if it is no valid policy.</summary>
    public static Sha256Hash? HashOf(byte[]? document) =>
        document is not null && JsonValue.TryRead(document, out var value, out _) && value is JsonObject members
        && PolicyDocument.TryLoad(members, out var loaded, out _)
            ? loaded.Hash
            : null;

    private static PolicyStanding? StandingOf(PolicyBook book, Sha256Hash policy) =>
        book.Active is { } active && active.PolicySha256 == policy
            ? new PolicyStanding(book.Name, active.Version, true)
            : book.Find(policy) is { } published ? new PolicyStanding(book.Name, published.Version, false) : null;

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
