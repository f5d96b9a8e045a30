using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <content>What operators and approvers do. The version is that of what changes, as the answer before carried it.</content>
public sealed partial class LedgerClient
{
    /// <summary>Agrees to one promotion.</summary>
    public Task<RecordingResponse> GrantApprovalAsync(
        string candidateId, ApprovePromotionRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/approvals", request, version, cancellation);

    /// <summary>Takes back an approval that was not used.</summary>
    public Task<RecordingResponse> RevokeApprovalAsync(
        string candidateId, string approvalId, ReasonRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/approvals/{Escaped(approvalId)}/revoke", request, version, cancellation);

    /// <summary>Bars every promotion of a candidate.</summary>
    public Task<RecordingResponse> PauseAsync(
        string candidateId, ReasonRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/pause", request, version, cancellation);

    /// <summary>Lifts the pause of a candidate.</summary>
    public Task<RecordingResponse> ResumeAsync(
        string candidateId, ReasonRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/resume", request, version, cancellation);

    /// <summary>Allows an artifact set that was rolled back to be promoted again.</summary>
    public Task<RecordingResponse> ClearEvidenceAsync(
        string candidateId, ClearEvidenceRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/evidence/clear", request, version, cancellation);

    /// <summary>Takes a champion from its place; nobody takes it.</summary>
    public Task<PlaceResponse> DemoteAsync(
        string target, PlaceRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<PlaceResponse>($"v1/champions/{Escaped(target)}/demote", request, version, cancellation);

    /// <summary>Takes a champion from its place, brings its predecessor back and bars its evidence.</summary>
    public Task<PlaceResponse> RollBackAsync(
        string target, PlaceRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<PlaceResponse>($"v1/champions/{Escaped(target)}/rollback", request, version, cancellation);

    /// <summary>Records a rehearsal of a safety control.</summary>
    public Task<SafetyResponse> RecordDrillAsync(RecordDrillRequest request, CancellationToken cancellation = default) =>
        PostAsync<SafetyResponse>("v1/drills", request, null, cancellation);

    /// <summary>Engages the kill switch: every promotion is denied.</summary>
    public Task<SafetyResponse> EngageKillSwitchAsync(
        ReasonRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<SafetyResponse>("v1/kill-switch/engage", request, version, cancellation);

    /// <summary>Releases the kill switch.</summary>
    public Task<SafetyResponse> ReleaseKillSwitchAsync(
        ReasonRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<SafetyResponse>("v1/kill-switch/release", request, version, cancellation);

    /// <summary>Gives a policy document the next version of a name.</summary>
    public Task<PolicyResponse> PublishPolicyAsync(
        string name, PublishPolicyRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<PolicyResponse>($"{Policy(name)}/versions", request, version, cancellation);

    /// <summary>Makes a version the one that decisions may rest on.</summary>
    public Task<PolicyResponse> ActivatePolicyAsync(
        string name, ActivatePolicyRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<PolicyResponse>($"{Policy(name)}/activate", request, version, cancellation);

    /// <summary>Agrees to the activation of a version that enables live.</summary>
    public Task<PolicyResponse> ApproveActivationAsync(
        string name, ApproveActivationRequest request, VersionMatch version, CancellationToken cancellation = default) =>
        PostAsync<PolicyResponse>($"{Policy(name)}/activation-approvals", request, version, cancellation);

    private static string Policy(string name) => $"v1/policies/{Escaped(name)}";
}
