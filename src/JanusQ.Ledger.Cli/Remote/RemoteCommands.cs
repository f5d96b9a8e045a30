using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>Sends commands to a server. Who acts is whom the key belongs to, whatever the command says.</summary>
internal sealed class RemoteCommands(LedgerClient client) : ILedgerCommands
{
    private const int MostInBatch = 16 << 20;

    public Task<Recording> SendAsync(StartLaneRun command, CancellationToken cancellation) => RecordAsync(client.StartLaneRunAsync(
        command.CandidateId,
        new StartLaneRunRequest
        {
            RunId = command.RunId,
            Target = command.Target.Name(),
            SignalsSha256 = command.SignalsSha256.ToString(),
            StrategyConfigSha256 = command.StrategyConfigSha256.ToString(),
            GatePolicySha256 = command.GatePolicySha256.ToString(),
            Documents = new OptionalDocumentHashes
            {
                StrategyConfigmap = command.Documents.StrategyConfigmap?.ToString(),
                ForecastMetrics = command.Documents.ForecastMetrics?.ToString(),
                RollbackReadiness = command.Documents.RollbackReadiness?.ToString(),
                TcaMetrics = command.Documents.TcaMetrics?.ToString(),
                LlmMetrics = command.Documents.LlmMetrics?.ToString(),
                DriftEvidence = command.Documents.DriftEvidence?.ToString(),
            },
            CodeVersion = command.CodeVersion,
            EvaluatedAt = command.EvaluatedAt.ToString(),
        },
        cancellation));

    public Task<Recording> SendAsync(SubmitArtifact command, CancellationToken cancellation) => RecordAsync(
        client.PutArtifactAsync(command.CandidateId, command.EvaluationId, UploadOf(command.Artifact), cancellation));

    public Task<Recording> SendAsync(CompleteLaneRun command, CancellationToken cancellation) => RecordAsync(client.CompleteLaneRunAsync(
        command.CandidateId,
        command.EvaluationId,
        new CompleteLaneRunRequest { ArtifactCount = command.ArtifactCount, ArtifactSetSha256 = command.ArtifactSetSha256.ToString() },
        cancellation));

    public Task<Recording> SendAsync(FailLaneRun command, CancellationToken cancellation) => RecordAsync(client.FailLaneRunAsync(
        command.CandidateId,
        new FailLaneRunRequest
        {
            RunId = command.RunId,
            EvaluationId = command.EvaluationId,
            ErrorCode = command.ErrorCode,
            Message = command.Message,
        },
        cancellation));

    public Task<Recording> SendAsync(SkipLaneRun command, CancellationToken cancellation) => RecordAsync(client.SkipLaneRunAsync(
        command.CandidateId,
        new SkipLaneRunRequest
        {
            RunId = command.RunId,
            Reason = command.Reason,
            WindowStart = command.WindowStart.ToString(),
            WindowEnd = command.WindowEnd.ToString(),
        },
        cancellation));

    /// <summary>
    /// Begins, hands over the artifacts and completes. What an attempt that broke off left is completed by the next: every step says the
    /// same as often as it is sent.
    /// </summary>
    /// <exception cref="CliFailure"><c>interrupted</c>: what is recorded by then stays.</exception>
    public async Task<Recording> SendAsync(SubmitLaneRun command, CancellationToken cancellation)
    {
        try
        {
            return await SubmitAsync(command, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new CliFailure(
                ExitCode.Interrupted,
                "interrupted",
                $"Interrupted; the evaluation {command.Start.EvaluationId} may be recorded in part. The same command completes it.");
        }
    }

    public Task<Recording> SendAsync(ApprovePromotion command, CancellationToken cancellation) => RecordAsync(client.GrantApprovalAsync(
        CommandForm.Checked(command).CandidateId,
        new ApprovePromotionRequest
        {
            EvaluationId = command.EvaluationId,
            Target = command.Target.Name(),
            ExpiresAt = command.ExpiresAt?.ToString(),
            ExpiresInSeconds = command.ExpiresIn is { } time ? (long)time.TotalSeconds : null,
            Reason = command.Reason,
        },
        Version(command.ExpectedVersion),
        cancellation));

    public Task<Recording> SendAsync(RevokeApproval command, CancellationToken cancellation) => RecordAsync(client.RevokeApprovalAsync(
        CommandForm.Checked(command).CandidateId,
        command.ApprovalId,
        Reason(command.Reason),
        Version(command.ExpectedVersion),
        cancellation));

    public Task<Recording> SendAsync(PauseCandidate command, CancellationToken cancellation) => RecordAsync(client.PauseAsync(
        CommandForm.Checked(command).CandidateId, Reason(command.Reason), Version(command.ExpectedVersion), cancellation));

    public Task<Recording> SendAsync(ResumeCandidate command, CancellationToken cancellation) => RecordAsync(client.ResumeAsync(
        CommandForm.Checked(command).CandidateId, Reason(command.Reason), Version(command.ExpectedVersion), cancellation));

    public Task<Recording> SendAsync(ClearRolledBackEvidence command, CancellationToken cancellation) =>
        RecordAsync(client.ClearEvidenceAsync(
            CommandForm.Checked(command).CandidateId,
            new ClearEvidenceRequest { ArtifactSetSha256 = command.ArtifactSetSha256.ToString(), Reason = command.Reason },
            Version(command.ExpectedVersion),
            cancellation));

    public Task<SafetyRecording> SendAsync(SubmitDrill command, CancellationToken cancellation) => SafetyAsync(client.RecordDrillAsync(
        new RecordDrillRequest
        {
            Check = command.Drill.Check,
            Passed = command.Drill.Passed,
            PerformedAt = command.Drill.PerformedAt.ToString(),
            RollbackTarget = command.Drill.RollbackTarget,
            Evidence = command.Evidence is { } evidence ? Convert.ToBase64String(evidence.Bytes.Span) : null,
            EvidenceSha256 = command.Drill.EvidenceSha256?.ToString(),
        },
        cancellation));

    public Task<SafetyRecording> SendAsync(EngageKillSwitch command, CancellationToken cancellation) =>
        SafetyAsync(client.EngageKillSwitchAsync(Reason(command.Reason), Version(command.ExpectedVersion), cancellation));

    public Task<SafetyRecording> SendAsync(ReleaseKillSwitch command, CancellationToken cancellation) =>
        SafetyAsync(client.ReleaseKillSwitchAsync(Reason(command.Reason), Version(command.ExpectedVersion), cancellation));

    public Task<PolicyRecording> SendAsync(PublishPolicy command, CancellationToken cancellation) => PolicyAsync(client.PublishPolicyAsync(
        CommandForm.CheckedPolicy(command).Name,
        new PublishPolicyRequest { Document = TextOf(command.Document), Note = command.Note },
        Version(command.ExpectedVersion),
        cancellation));

    public Task<PolicyRecording> SendAsync(ActivatePolicy command, CancellationToken cancellation) =>
        PolicyAsync(client.ActivatePolicyAsync(
            CommandForm.CheckedPolicy(command).Name,
            new ActivatePolicyRequest { Version = command.Version, Note = command.Note },
            Version(command.ExpectedVersion),
            cancellation));

    public Task<PolicyRecording> SendAsync(ApprovePolicyActivation command, CancellationToken cancellation) =>
        PolicyAsync(client.ApproveActivationAsync(
            CommandForm.CheckedPolicy(command).Name,
            new ApproveActivationRequest { Version = command.Version, Reason = command.Reason },
            Version(command.ExpectedVersion),
            cancellation));

    public async Task<PromotionAnswer> SendAsync(RequestPromotion command, CancellationToken cancellation)
    {
        var request = new RequestPromotionRequest { EvaluationId = command.EvaluationId, Target = command.Target?.Name() };
        var answer = await RemoteAnswer.AskAsync(client.RequestPromotionAsync(
            CommandForm.Checked(command).CandidateId, request, cancellation)).ConfigureAwait(false);
        return new PromotionAnswer
        {
            Outcome = OutcomeOf(answer.Outcome),
            CandidateId = answer.CandidateId,
            CandidateVersion = answer.CandidateVersion,
            Appended = answer.Appended,
            Demoted = answer.Demoted,
            Decision = answer.Decision.Deserialize<PromotionDecided>(LedgerJson.Options),
        };
    }

    public Task<PlaceAnswer> SendAsync(DemoteChampion command, CancellationToken cancellation) => PlaceAsync(client.DemoteAsync(
        CommandForm.Checked(command).Target.Name(),
        new PlaceRequest { CandidateId = command.CandidateId, Reason = command.Reason },
        Version(command.ExpectedVersion),
        cancellation));

    public Task<PlaceAnswer> SendAsync(RollBackChampion command, CancellationToken cancellation) => PlaceAsync(client.RollBackAsync(
        CommandForm.Checked(command).Target.Name(),
        new PlaceRequest { CandidateId = command.CandidateId, Reason = command.Reason },
        Version(command.ExpectedVersion),
        cancellation));

    private async Task<Recording> SubmitAsync(SubmitLaneRun command, CancellationToken cancellation)
    {
        var recording = await SendAsync(command.Start, cancellation).ConfigureAwait(false);
        var (candidateId, evaluationId) = (command.Start.CandidateId, command.Start.EvaluationId);
        foreach (var batch in BatchesOf(command.Artifacts))
        {
            if (recording.Outcome is CommandOutcome.Conflict or CommandOutcome.Refused) return recording;
            ArtifactUpload[] uploads = [.. batch.Select(UploadOf)];
            recording = Together(recording, await RecordAsync(uploads is [var single]
                ? client.PutArtifactAsync(candidateId, evaluationId, single, cancellation)
                : client.PostArtifactsAsync(candidateId, evaluationId, uploads, cancellation)).ConfigureAwait(false));
        }

        if (recording.Outcome is CommandOutcome.Conflict or CommandOutcome.Refused) return recording;
        var set = ArtifactSet.Of(command.Artifacts.Select(artifact =>
            new Artifact(artifact.Path, artifact.Content.Sha256, artifact.Content.Size, artifact.MediaType)));
        var complete = new CompleteLaneRun
        {
            CandidateId = candidateId,
            EvaluationId = evaluationId,
            ArtifactCount = set.Count,
            ArtifactSetSha256 = set.Hash(),
            By = command.Start.By,
        };
        return Together(recording, await SendAsync(complete, cancellation).ConfigureAwait(false));
    }

    private static async Task<Recording> RecordAsync(Task<RecordingResponse> sent)
    {
        try
        {
            var answer = await RemoteAnswer.AskAsync(sent).ConfigureAwait(false);
            return new Recording
            {
                Outcome = OutcomeOf(answer.Outcome),
                CandidateId = answer.CandidateId,
                EvaluationId = answer.EvaluationId,
                ApprovalId = answer.ApprovalId,
                CandidateVersion = answer.CandidateVersion,
                Appended = answer.Appended,
                LastSequence = answer.LastSequence,
            };
        }
        catch (RefusedException refused) when (ConflictOf(refused.Refusal) is { } conflict)
        {
            return conflict;
        }
    }

    private static async Task<SafetyRecording> SafetyAsync(Task<SafetyResponse> sent)
    {
        var answer = await RemoteAnswer.AskAsync(sent).ConfigureAwait(false);
        return new SafetyRecording
        {
            Outcome = OutcomeOf(answer.Outcome),
            KillSwitchEngaged = answer.KillSwitchEngaged,
            StreamVersion = answer.Version,
            Appended = answer.Appended,
            LastSequence = answer.LastSequence,
        };
    }

    private static async Task<PolicyRecording> PolicyAsync(Task<PolicyResponse> sent)
    {
        var answer = await RemoteAnswer.AskAsync(sent).ConfigureAwait(false);
        var (policy, isActive) = RemoteDocuments.PolicyOf(RemoteAnswer.ObjectOf(answer.Policy));
        return new PolicyRecording
        {
            Outcome = OutcomeOf(answer.Outcome),
            Name = answer.Name,
            Policy = policy,
            IsActive = isActive,
            StreamVersion = answer.BookVersion,
            Appended = answer.Appended,
            LastSequence = answer.LastSequence,
        };
    }

    private static async Task<PlaceAnswer> PlaceAsync(Task<PlaceResponse> sent)
    {
        var answer = await RemoteAnswer.AskAsync(sent).ConfigureAwait(false);
        return new PlaceAnswer
        {
            Outcome = OutcomeOf(answer.Outcome),
            CandidateId = answer.CandidateId,
            Target = PromotionTargets.TryParse(answer.Target, out var target)
                ? target
                : throw RemoteDocuments.Unexpected("target"),
            Champion = answer.Champion,
            NotReinstated = answer.NotReinstated,
            PlaceVersion = answer.PlaceVersion,
            Appended = answer.Appended,
        };
    }

    private static Recording? ConflictOf(Refusal refusal)
    {
        if (!string.Equals(refusal.Code, "submission_conflicted", StringComparison.Ordinal)) return null;
        var members = refusal.ToJson();
        return new Recording
        {
            Outcome = CommandOutcome.Conflict,
            CandidateId = RemoteDocuments.Text(members, "candidate_id"),
            EvaluationId = RemoteDocuments.OptionalText(members, "evaluation_id"),
            Differences =
            [
                .. RemoteDocuments.ObjectsOf(members, "differences").Select(RemoteDocuments.DifferenceOf),
            ],
        };
    }

    private static Recording Together(Recording before, Recording after) => after with
    {
        Outcome = before.Outcome == CommandOutcome.Recorded && after.Outcome == CommandOutcome.Unchanged ? before.Outcome : after.Outcome,
        Appended = before.Appended + after.Appended,
        LastSequence = after.LastSequence ?? before.LastSequence,
    };

    private static IEnumerable<List<SubmittedArtifact>> BatchesOf(IEnumerable<SubmittedArtifact> artifacts)
    {
        var (batch, bytes) = (new List<SubmittedArtifact>(), 0L);
        foreach (var artifact in artifacts)
        {
            if (batch.Count > 0 && bytes + artifact.Content.Size > MostInBatch)
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(artifact);
            bytes += artifact.Content.Size;
        }

        if (batch.Count > 0) yield return batch;
    }

    private static ArtifactUpload UploadOf(SubmittedArtifact artifact) => new(artifact.Path, artifact.Content.Bytes, artifact.MediaType);

    private static ReasonRequest Reason(string reason) => new() { Reason = reason };

    private static VersionMatch Version(long? expected) => expected is { } version ? VersionMatch.Exactly(version) : VersionMatch.Any;

    private static CommandOutcome OutcomeOf(string outcome) => outcome switch
    {
        RecordingResponse.Recorded => CommandOutcome.Recorded,
        RecordingResponse.Unchanged => CommandOutcome.Unchanged,
        _ => throw RemoteDocuments.Unexpected("outcome"),
    };

    private static string TextOf(ReadOnlyMemory<byte> document)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(document.Span);
        }
        catch (DecoderFallbackException)
        {
            throw new RefusedException(new Refusal("policy_malformed", "A policy is a JSON document in UTF-8."));
        }
    }
}
