using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Safety;

namespace JanusQ.Ledger.Hosting;

/// <summary>
/// Everything that changes a ledger (ledger.md section 4), wherever the ledger is: on a database, or behind a server. A refusal is part of
/// the answer, or a <see cref="RefusedException"/> where nothing came to be asked.
/// </summary>
public interface ILedgerCommands
{
    /// <summary>Begins an evaluation of a lane run.</summary>
    Task<Recording> SendAsync(StartLaneRun command, CancellationToken cancellation = default);

    /// <summary>Stores and records a document of an evaluation.</summary>
    Task<Recording> SendAsync(SubmitArtifact command, CancellationToken cancellation = default);

    /// <summary>Says that all artifacts of an evaluation are there.</summary>
    Task<Recording> SendAsync(CompleteLaneRun command, CancellationToken cancellation = default);

    /// <summary>Says that a lane run ended without a result.</summary>
    Task<Recording> SendAsync(FailLaneRun command, CancellationToken cancellation = default);

    /// <summary>Records a window without signals.</summary>
    Task<Recording> SendAsync(SkipLaneRun command, CancellationToken cancellation = default);

    /// <summary>Records a whole finished evaluation.</summary>
    Task<Recording> SendAsync(SubmitLaneRun command, CancellationToken cancellation = default);

    /// <summary>Agrees to one promotion.</summary>
    Task<Recording> SendAsync(ApprovePromotion command, CancellationToken cancellation = default);

    /// <summary>Takes back an approval that was not used.</summary>
    Task<Recording> SendAsync(RevokeApproval command, CancellationToken cancellation = default);

    /// <summary>Bars every promotion of a candidate.</summary>
    Task<Recording> SendAsync(PauseCandidate command, CancellationToken cancellation = default);

    /// <summary>Lifts the pause of a candidate.</summary>
    Task<Recording> SendAsync(ResumeCandidate command, CancellationToken cancellation = default);

    /// <summary>Allows an artifact set that was rolled back to be promoted again.</summary>
    Task<Recording> SendAsync(ClearRolledBackEvidence command, CancellationToken cancellation = default);

    /// <summary>Records a rehearsal of a safety control.</summary>
    Task<SafetyRecording> SendAsync(SubmitDrill command, CancellationToken cancellation = default);

    /// <summary>Engages the kill switch: every promotion is denied.</summary>
    Task<SafetyRecording> SendAsync(EngageKillSwitch command, CancellationToken cancellation = default);

    /// <summary>Releases the kill switch.</summary>
    Task<SafetyRecording> SendAsync(ReleaseKillSwitch command, CancellationToken cancellation = default);

    /// <summary>Gives a policy document a version.</summary>
    Task<PolicyRecording> SendAsync(PublishPolicy command, CancellationToken cancellation = default);

    /// <summary>Makes a version the one that decisions may rest on.</summary>
    Task<PolicyRecording> SendAsync(ActivatePolicy command, CancellationToken cancellation = default);

    /// <summary>Agrees to the activation of a version that enables live.</summary>
    Task<PolicyRecording> SendAsync(ApprovePolicyActivation command, CancellationToken cancellation = default);

    /// <summary>Decides whether a candidate may be promoted, with all that follows.</summary>
    Task<PromotionAnswer> SendAsync(RequestPromotion command, CancellationToken cancellation = default);

    /// <summary>Takes a champion from its place.</summary>
    Task<PlaceAnswer> SendAsync(DemoteChampion command, CancellationToken cancellation = default);

    /// <summary>Rolls a champion back.</summary>
    Task<PlaceAnswer> SendAsync(RollBackChampion command, CancellationToken cancellation = default);
}
