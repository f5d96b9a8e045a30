using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Something that happened (ledger.md section 3). Past tense, immutable, with who and when inside.</summary>
public abstract record LedgerEvent
{
    /// <summary>Who did it: the name under which the caller was authenticated.</summary>
    public required string Actor { get; init; }

    /// <summary>In which role: worker, operator, approver.</summary>
    public required string Role { get; init; }

    /// <summary>When it was decided, by the clock of the program that decided it.</summary>
    public required Instant At { get; init; }
}
