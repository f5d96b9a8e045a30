using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Bundles;

/// <summary>Reads which documents events name from the canonical JSON of their data.</summary>
/// <remarks>Not safe for use by several threads at once: it reuses its buffers.</remarks>
internal sealed class NamedDocuments
{
    private readonly JsonTape _tape = new();
    private readonly List<ContentReference> _found = [];

    /// <summary>The documents that an event names. Valid until the next event is read.</summary>
    /// <exception cref="JsonRejectedException">The data are no JSON.</exception>
    public IReadOnlyList<ContentReference> Of(string type, ReadOnlySpan<byte> data)
    {
        _found.Clear();
        if (!ContentReferences.HasAny(type)) return _found;
        _tape.ReadDocument(data.ToArray(), 0, data.Length);
        ContentReferences.Read(type, _tape.Root, _found);
        return _found;
    }
}
