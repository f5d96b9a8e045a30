using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using Marten;

namespace JanusQ.Ledger.Policies;

/// <summary>
/// Gives a policy document a version and stores it twice, as it came and in canonical form, in one transaction. Validation and rule:
/// <see cref="PolicyDecider"/>.
/// </summary>
public static class PublishPolicyHandler
{
    /// <summary>Handles the command.</summary>
    /// <exception cref="Core.RefusedException"><c>content_too_large</c>: nothing is recorded.</exception>
    public static Task<PolicyRecording> Handle(
        PublishPolicy command, IDocumentSession session, ContentStore store, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(store);
        var asItCame = new DocumentContent(command.Document);
        store.RefuseTooLarge(asItCame);
        return PolicyStream.DecideAsync(session, command, null, clock, ContentsOf(store, asItCame), cancellation);
    }

    private static NamedContents? ContentsOf(ContentStore store, DocumentContent asItCame) =>
        JsonValue.TryRead(asItCame.Bytes.ToArray(), out var document, out _)
            ? new NamedContents(store, [new DocumentContent(CanonicalJson.Bytes(document))]) { Alongside = [asItCame] }
            : null;
}
