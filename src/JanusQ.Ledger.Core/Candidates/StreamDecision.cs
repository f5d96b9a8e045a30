using System.Collections.Immutable;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>A decider's answer to a command: what is to be appended to one stream.</summary>
/// <typeparam name="TEvent">The events of that kind of stream.</typeparam>
public record StreamDecision<TEvent>
    where TEvent : LedgerEvent
{
    /// <summary>What it comes to.</summary>
    public required CommandOutcome Outcome { get; init; }

    /// <summary>What is to be appended, in order.</summary>
    public ImmutableArray<TEvent> Events { get; init; } = [];

    /// <summary>For a refusal the reason.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>The answers that every decider gives.</summary>
internal static class StreamDecision
{
    public static StreamDecision<TEvent> Record<TEvent>(TEvent happened)
        where TEvent : LedgerEvent => new() { Outcome = CommandOutcome.Recorded, Events = [happened] };

    public static StreamDecision<TEvent> Unchanged<TEvent>()
        where TEvent : LedgerEvent => new() { Outcome = CommandOutcome.Unchanged };

    public static StreamDecision<TEvent> Refuse<TEvent>(Refusal refusal)
        where TEvent : LedgerEvent => new() { Outcome = CommandOutcome.Refused, Refusal = refusal };
}
