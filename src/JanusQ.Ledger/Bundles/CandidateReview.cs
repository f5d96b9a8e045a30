using System.Text;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// What follows from the events of one candidate and the documents that they name: its Janus artifacts recompute, its decisions derive
/// again, the statements say what was decided.
/// </summary>
/// <param name="origin">The log.</param>
/// <param name="content">The documents of the bundle.</param>
/// <param name="statement">The statement of a decision by its id; none where there is none.</param>
/// <param name="keys">The keys that are trusted.</param>
internal sealed class CandidateReview(
    string origin, FindContent content, Func<string, byte[]?>? statement, IReadOnlyCollection<VerifierKey> keys)
{
    private const int MostDifferencesShown = 8;

    private readonly List<BundleFinding> _findings = [];

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<BundleFinding> Findings => _findings;

    /// <summary>Janus artifacts that were recomputed.</summary>
    public long JanusArtifacts { get; private set; }

    /// <summary>Decisions that were derived again.</summary>
    public long Decisions { get; private set; }

    /// <summary>Statements that were verified.</summary>
    public long Statements { get; private set; }

    /// <summary>Reviews a candidate.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="events">Its events from the first.</param>
    public void Take(string candidateId, IReadOnlyList<CandidateEvent> events)
    {
        Candidate state;
        try
        {
            state = events.Aggregate(Candidate.Unrecorded(candidateId), (before, happened) => before.After(happened));
        }
        catch (UnknownCandidateEventException failure)
        {
            _findings.Add(
                new BundleFinding("candidate_stream_invalid", candidateId, "events that follow from each other", failure.Message));
            return;
        }

        foreach (var evaluation in state.Evaluations) TakeJanus(candidateId, evaluation);
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is not PromotionDecided decided) continue;
            TakeReplay(candidateId, events, decided);
            if (statement is not null) TakeStatement(candidateId, events, decided);
        }
    }

    private void TakeJanus(string candidateId, Evaluation evaluation)
    {
        JsonValue? eventCar = null;
        foreach (var artifact in evaluation.Artifacts.Where(artifact => artifact.SchemaVersion == EventCarArtifact.SchemaVersion))
        {
            eventCar = Parsed(artifact);
            if (eventCar is not null) Compare(candidateId, artifact, eventCar, ArtifactVerification.VerifyEventCar(eventCar));
        }

        foreach (var artifact in evaluation.Artifacts.Where(artifact => artifact.SchemaVersion == HgrmRewardArtifact.SchemaVersion))
            if (Parsed(artifact) is { } reward) Compare(candidateId, artifact, reward, ArtifactVerification.VerifyReward(reward, eventCar));
    }

    // What is missing or altered is found where every document is looked at.
    private JsonValue? Parsed(Artifact artifact) =>
        content(artifact.Sha256) is { } bytes && Sha256Hash.Of(bytes) == artifact.Sha256
            ? JsonValue.TryRead(bytes, out var value, out _) ? value : JsonValue.Null
            : null;

    private void Compare(string candidateId, Artifact artifact, JsonValue value, IReadOnlyList<ArtifactFinding> found)
    {
        JanusArtifacts++;
        var place = $"{BundlePath.Content(artifact.Sha256).Text} ({artifact.Path} of {candidateId})";
        foreach (var finding in found.Take(MostDifferencesShown)) Add(finding);
        if (artifact.ManifestHash is { } declared
            && ArtifactVerification.VerifyDeclaredManifest(value, declared.ToString()) is { } other)
        {
            Add(other);
        }

        void Add(ArtifactFinding finding) =>
            _findings.Add(new BundleFinding("janus_artifact_unverified", $"{place} {finding.Place}", finding.Expected, finding.Found));
    }

    private void TakeReplay(string candidateId, IReadOnlyList<CandidateEvent> events, PromotionDecided decided)
    {
        var replay = DecisionReplay.Of(candidateId, events, decided.DecisionId, content, RecordedEvent.DataOf);
        Decisions++;
        if (replay.Outcome == ReplayOutcome.Match) return;
        var details = replay.Differences.Take(MostDifferencesShown).Select(difference => difference.ToJson().ToString())
            .Concat(replay.Missing.Select(hash => $"missing {hash}")).Concat(replay.Corrupt.Select(hash => $"corrupt {hash}"))
            .Concat(replay.UnknownEvaluators.Select(version => $"unknown {version}"));
        _findings.Add(new BundleFinding(
            "decision_not_replayed",
            $"decision {decided.DecisionId} of {candidateId}",
            ReplayOutcome.Match.Name(),
            string.Join("; ", details.Prepend(replay.Outcome.Name()))));
    }

    private void TakeStatement(string candidateId, IReadOnlyList<CandidateEvent> events, PromotionDecided decided)
    {
        var place = BundlePath.Statement(decided.DecisionId).Text;
        if (statement!(decided.DecisionId) is not { } file)
        {
            _findings.Add(new BundleFinding("statement_missing", place, "a statement about the decision", "none"));
            return;
        }

        if (!DsseEnvelope.TryParse(file, out var envelope, out var refusal)
            || !envelope.TryVerify(keys, DecisionStatement.PayloadType, out var payload, out refusal))
        {
            _findings.Add(new BundleFinding(refusal.Code, place, "an envelope that a trusted key has signed", refusal.Explanation));
            return;
        }

        var earlier = events.TakeWhile(happened => RecordedDecisionOf(happened) != decided.DecisionId);
        var follows = BundleExport.StatementOf(origin, candidateId, earlier, decided);
        var expected = follows is null ? [] : CanonicalJson.Bytes(follows.ToJson());
        if (!payload.Span.SequenceEqual(expected))
        {
            _findings.Add(new BundleFinding(
                "statement_mismatch", place, Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(payload.Span)));
            return;
        }

        Statements++;
    }

    private static string? RecordedDecisionOf(CandidateEvent happened) => happened switch
    {
        GateMatrixEvaluated gates => gates.DecisionId,
        PromotionDecided decided => decided.DecisionId,
        _ => null,
    };
}
