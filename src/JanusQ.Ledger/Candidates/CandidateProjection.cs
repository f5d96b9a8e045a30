using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Candidates;

/// <summary>The candidate's current state.</summary>
public sealed partial class CandidateProjection : StreamProjection<Candidate, CandidateEvent>
{
    /// <inheritdoc />
    protected override Candidate After(Candidate? state, string stream, CandidateEvent happened) =>
        state is null ? Candidate.From(CandidateIdentity.CandidateOfStream(stream), happened) : state.After(happened);
}
