using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Bundles;

/// <summary>The statement that is exported about a decision (audit.md section 5): it follows from recorded events alone.</summary>
public static class DecisionStatements
{
    /// <summary>The statement about a decision.</summary>
    /// <param name="origin">The log that the decision is in: the URIs are built on it.</param>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="evaluation">The evaluation that was decided about, as it stood.</param>
    /// <param name="decided">The verdict.</param>
    public static DecisionStatement Of(string origin, string candidateId, Evaluation evaluation, PromotionDecided decided)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentNullException.ThrowIfNull(decided);
        var verifier = "https://" + origin;

        // A policy that could not be read has no canonical form; then the document that the run was made with is what was decided by.
        var policy = decided.PolicySha256 ?? evaluation.Start.GatePolicySha256;
        return new DecisionStatement
        {
            SubjectName = candidateId,
            SubjectSha256 = decided.ArtifactSetSha256,
            VerifierId = verifier,
            TimeVerified = decided.At,
            ResourceUri = $"{verifier}/decisions/{decided.DecisionId}",
            Policy = new DecisionResource($"{verifier}/content/{policy}", policy),
            InputAttestations =
            [
                .. evaluation.Artifacts.Select(artifact => new DecisionResource(
                    $"{verifier}/evaluations/{decided.EvaluationId}/{artifact.Path}", artifact.Sha256)),
            ],
            IsPassed = decided.Action == PromotionAction.Promote,
            VerifiedLevel = "JANUSQ_PROMOTION_" + decided.Target.Name().ToUpperInvariant(),
        };
    }
}
