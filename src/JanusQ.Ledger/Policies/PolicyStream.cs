using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using Marten;

namespace JanusQ.Ledger.Policies;

/// <summary>What became of a command about the policies of one name.</summary>
public sealed record PolicyRecording : StreamRecording
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The version that it was about; none where it was refused.</summary>
    public PublishedPolicy? Policy { get; init; }

    /// <summary>Whether that version is the active one after it.</summary>
    public bool IsActive { get; init; }
}

/// <summary>Every use case about policies: nobody decides a promotion while one changes.</summary>
internal static class PolicyStream
{
    public static async Task<PolicyRecording> DecideAsync(
        IDocumentSession session,
        PolicyCommand command,
        int? version,
        TimeProvider clock,
        NamedContents? contents,
        CancellationToken cancellation)
    {
        await LedgerLocks.ChangeFactsAsync(session, cancellation);
        var stream = await session.Events.FetchForWriting<PolicyBook>(command.Stream, cancellation);
        var decision = PolicyDecider.Decide(stream.Aggregate, command, Instant.Of(clock.GetUtcNow()));
        var position = await LedgerStream.AppendAsync(session, stream, decision, command.By, contents, cancellation);
        var book = decision.Events.Aggregate(
            stream.Aggregate ?? PolicyBook.Empty(command.Name), (state, happened) => state.After(happened));
        var policy = decision.Refusal is null ? book.Find(version ?? book.Versions.Length) : null;
        return new PolicyRecording
        {
            Outcome = decision.Outcome,
            Name = command.Name,
            Policy = policy,
            IsActive = policy is not null && book.ActiveVersion == policy.Version,
            StreamVersion = position.Version,
            LastSequence = position.LastSequence,
            Appended = decision.Events.Length,
            Refusal = decision.Refusal,
        };
    }
}
