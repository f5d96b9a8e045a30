using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Something that happened to who is champion of a target: the stream <c>champion-{target}</c> (ledger.md section 3).</summary>
public abstract record ChampionEvent : LedgerEvent
{
    /// <summary>The target.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }
}

/// <summary>A candidate took the empty place.</summary>
public sealed record ChampionInstalled : ChampionEvent
{
    /// <summary>The decision that it rests on.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The evaluation that was decided about.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The artifact set that is active with it.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }

    /// <summary>Who comes back on a roll back; none if nobody was there before.</summary>
    public string? Predecessor { get; init; }

    /// <summary>Why, as in the candidate's own event.</summary>
    public required string Why { get; init; }
}

/// <summary>The champion left its place.</summary>
public sealed record ChampionRemoved : ChampionEvent
{
    /// <summary>The decision that caused it; none where an operator did.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Why, as in the candidate's own event.</summary>
    public required string Why { get; init; }
}

/// <summary>Who is champion.</summary>
/// <param name="CandidateId">The candidate.</param>
/// <param name="DecisionId">The decision that it rests on.</param>
/// <param name="EvaluationId">The evaluation decided about.</param>
/// <param name="ArtifactSetSha256">The artifact set that is active.</param>
/// <param name="Since">Since when.</param>
/// <param name="Predecessor">Who comes back on a roll back, or none.</param>
public sealed record Champion(
    string CandidateId, string DecisionId, string EvaluationId, Sha256Hash ArtifactSetSha256, Instant Since, string? Predecessor = null);

/// <summary>The one place of a target's champion: what its stream adds up to. Immutable.</summary>
public sealed record ChampionSlot
{
    /// <summary>What the key of every champion stream begins with.</summary>
    public const string StreamPrefix = "champion-";

    /// <summary>The key of its stream, under which it is stored.</summary>
    public required string Id { get; init; }

    /// <summary>The target.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>Number of events in this state.</summary>
    public long StreamVersion { get; init; }

    /// <summary>The champion, or none.</summary>
    public Champion? Champion { get; init; }

    /// <summary>Everyone who ever had the place and has it no longer, each as it last had it, in the order in which they left.</summary>
    public ImmutableArray<Champion> Past { get; init; } = [];

    /// <summary>When the place changed hands last.</summary>
    public Instant? ChangedAt { get; init; }

    /// <summary>The key of a target's stream.</summary>
    public static string StreamOf(PromotionTarget target) => StreamPrefix + target.Name();

    /// <summary>The target whose stream has that key.</summary>
    /// <exception cref="ArgumentException">It is no champion's stream.</exception>
    public static PromotionTarget TargetOfStream(string streamKey)
    {
        ArgumentNullException.ThrowIfNull(streamKey);
        return streamKey.StartsWith(StreamPrefix, StringComparison.Ordinal)
            && PromotionTargets.TryParse(streamKey[StreamPrefix.Length..], out var target)
            ? target
            : throw new ArgumentException($"'{streamKey}' is not the key of a champion's stream.", nameof(streamKey));
    }

    /// <summary>A place that nobody ever had.</summary>
    public static ChampionSlot Empty(PromotionTarget target) => new() { Id = StreamOf(target), Target = target };

    /// <summary>A former champion as it last had the place, or none.</summary>
    public Champion? FindPast(string? candidateId) => Past.FirstOrDefault(past => Same(past.CandidateId, candidateId));

    /// <summary>The state after one event more. There is never a second champion: installing one needs an empty place.</summary>
    /// <exception cref="UnknownCandidateEventException">The event is of a kind that this state does not know, or contradicts
    /// it.</exception>
    public ChampionSlot After(ChampionEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var next = happened switch
        {
            ChampionInstalled installed when Champion is null => this with
            {
                Champion = new Champion(
                    installed.CandidateId, installed.DecisionId, installed.EvaluationId, installed.ArtifactSetSha256, installed.At,
                    installed.Predecessor),
            },
            ChampionRemoved removed when Champion is { } leaving && Same(leaving.CandidateId, removed.CandidateId) => this with
            {
                Champion = null,
                Past = Past.RemoveAll(past => Same(past.CandidateId, leaving.CandidateId)).Add(leaving),
            },
            _ => throw new UnknownCandidateEventException(
                $"The champion of {Target.Name()} is {Champion?.CandidateId ?? "nobody"}: {happened.GetType().Name} of "
                + $"{happened.CandidateId} cannot follow."),
        };
        return next with { StreamVersion = StreamVersion + 1, ChangedAt = happened.At };
    }

    private static bool Same(string left, string? right) => string.Equals(left, right, StringComparison.Ordinal);
}
