using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Promotions;

/// <summary>The stored documents that a decision about an evaluation can ask for, read ahead.</summary>
internal sealed class StoredEvidence(ContentStore store)
{
    private static readonly Sha256Hash Empty = Sha256Hash.Of([]);

    private readonly Dictionary<Sha256Hash, byte[]?> _read = [];

    /// <summary>Every document that an evaluation names: its inputs and its artifacts.</summary>
    public static IEnumerable<Sha256Hash> NamedBy(Evaluation evaluation)
    {
        var start = evaluation.Start;
        var documents = start.Documents;
        Sha256Hash?[] inputs =
        [
            start.SignalsSha256, start.StrategyConfigSha256, start.GatePolicySha256, documents.StrategyConfigmap, documents.ForecastMetrics,
            documents.RollbackReadiness, documents.TcaMetrics, documents.LlmMetrics, documents.DriftEvidence,
        ];
        return inputs.OfType<Sha256Hash>().Concat(evaluation.Artifacts.Select(artifact => artifact.Sha256));
    }

    /// <summary>Reads what was not read yet of the documents of an evaluation.</summary>
    public Task ReadAsync(Evaluation evaluation, CancellationToken cancellation) => ReadAsync(NamedBy(evaluation), cancellation);

    /// <summary>Reads those documents that were not read yet.</summary>
    public async Task ReadAsync(IEnumerable<Sha256Hash> documents, CancellationToken cancellation)
    {
        Sha256Hash[] wanted = [.. documents.Distinct().Where(sha256 => !_read.ContainsKey(sha256))];
        try
        {
            await foreach (var (sha256, bytes) in store.ReadManyAsync(wanted, cancellation))
                if (bytes is not null) _read[sha256] = bytes;
        }
        catch (IntegrityException)
        {
            // One of them is altered; asked for one by one they show which.
        }

        foreach (var sha256 in wanted) await ReadAsync(sha256, cancellation);
    }

    private async Task ReadAsync(Sha256Hash sha256, CancellationToken cancellation)
    {
        if (_read.ContainsKey(sha256)) return;
        try
        {
            _read[sha256] = await store.ReadAsync(sha256, cancellation);
        }
        catch (IntegrityException)
        {
            // Something that does not hash to its name: what exactly it is makes no difference to the decision, which denies.
            _read[sha256] = sha256 == Empty ? [0] : [];
        }
    }

    /// <summary>What was read.</summary>
    public FindContent Find => sha256 => _read.GetValueOrDefault(sha256);
}
