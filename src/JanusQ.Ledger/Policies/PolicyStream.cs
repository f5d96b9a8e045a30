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
    /// <summary>The policies of the name after it.</summary>
    public required PolicyBook Book { get; init; }

    /// <summary>The version that it was about; none where it was refused.</summary>
    public PublishedPolicy? Policy { get; init; }
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
        var book = decision.Events.Aggregate(stream.Aggregate ?? PolicyBook.Empty(command.Name), (state, happened) => state.After(happened));
        return new PolicyRecording
        {
            Outcome = decision.Outcome,
            Book = book,
            Policy = decision.Refusal is null ? book.Find(version ?? book.Versions.Length) : null,
            StreamVersion = position.Version,
            LastSequence = position.LastSequence,
            Appended = decision.Events.Length,
            Refusal = decision.Refusal,
        };
    }
}
