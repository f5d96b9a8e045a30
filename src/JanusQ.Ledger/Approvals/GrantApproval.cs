using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.Approvals;

/// <summary>Agree to one promotion. The policy that the approval is bound to is the one that the run was made with.</summary>
public sealed record ApprovePromotion
{
    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>Who asks.</summary>
    public required Submitter By { get; init; }

    /// <summary>The evaluation whose artifacts it unlocks; without it the latest that is complete.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>The target that it unlocks.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>From when on it no longer counts; this or <see cref="ExpiresIn"/>.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>How long it counts; this or <see cref="ExpiresAt"/>.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }

    /// <summary>The candidate's version that the caller saw; see <see cref="LedgerCommand.ExpectedVersion"/>.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>The key of the candidate's stream.</summary>
    public string Stream => CandidateIdentity.StreamAskedFor(CandidateId);
}

/// <summary>Grants an approval. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class GrantApprovalHandler
{
    /// <summary>Handles the command.</summary>
    /// <exception cref="Store.IntegrityException">The stored policy is not what its hash says.</exception>
    public static async Task<Recording> Handle(
        ApprovePromotion command,
        [WriteAggregate(nameof(ApprovePromotion.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        ContentStore store,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(store);
        var candidate = stream.Aggregate;
        var evaluation = command.EvaluationId is { } asked ? candidate?.Find(asked) : candidate?.FindLatestCompleted();
        var policy = evaluation is null ? null : await store.ReadAsync(evaluation.Start.GatePolicySha256, cancellation);
        var grant = new GrantApproval
        {
            CandidateId = command.CandidateId,
            By = command.By,
            EvaluationId = command.EvaluationId,
            Target = command.Target,
            ExpiresAt = command.ExpiresAt,
            ExpiresIn = command.ExpiresIn,
            Reason = command.Reason,
            ExpectedVersion = command.ExpectedVersion,

            // Left to itself, no array turns into empty memory, and that is a document too.
            Policy = policy is null ? default(ReadOnlyMemory<byte>?) : policy,
        };
        return await CandidateStream.DecideAsync(session, stream, grant, clock, evaluation?.Start.EvaluationId, null, cancellation);
    }
}
