using System.Text;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>Has a server verify its ledger, and export from it.</summary>
internal sealed class RemoteAudits(LedgerClient client)
{
    /// <summary>The report of the server's own audit.</summary>
    public async Task<JsonObject> VerifyAsync(
        IReadOnlyCollection<VerifierKey> keys,
        IReadOnlyCollection<KeptCheckpoint> kept,
        KeptCheckpoint? since,
        WitnessPolicy? policy,
        bool deep,
        IReadOnlyList<string> reproduces,
        CancellationToken cancellation)
    {
        var request = new AuditRequest
        {
            Keys = [.. keys.Select(key => key.ToString())],
            Kept = [.. kept.Select(DocumentOf)],
            Since = since is null ? null : DocumentOf(since),
            Policy = TextOf(policy),
            Deep = deep,
            Reproduces = reproduces,
        };
        return RemoteAnswer.ObjectOf(await RemoteAnswer.AskAsync(client.AuditAsync(request, cancellation)).ConfigureAwait(false));
    }

    /// <summary>Writes a bundle.</summary>
    /// <param name="order">What is to be in it.</param>
    /// <param name="path">The file.</param>
    /// <param name="inspect">Looks at it before it is moved to its place.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IntegrityException">Other bytes came than the server says that it sent.</exception>
    public async Task ExportAsync(
        ExportOrder order, string path, Func<string, CancellationToken, Task> inspect, CancellationToken cancellation)
    {
        var request = new ExportBundleRequest
        {
            CandidateId = order.CandidateId,
            DecisionId = order.DecisionId,
            Until = order.Until?.ToString(),
            Statements = order.WithStatements,
            Policy = TextOf(order.Policy),
            PatienceSeconds = (long)order.Patience.TotalSeconds,
        };
        try
        {
            await RemoteAnswer.AskAsync(ExportAsync()).ConfigureAwait(false);
        }
        catch (InvalidDataException altered)
        {
            throw new IntegrityException(altered.Message);
        }

        async Task<string> ExportAsync()
        {
            await client.ExportBundleAsync(request, path, inspect, cancellation).ConfigureAwait(false);
            return path;
        }
    }

    private static KeptCheckpointDocument DocumentOf(KeptCheckpoint kept)
    {
        const int LongestName = 200;
        var name = kept.Name.Length <= LongestName ? kept.Name : kept.Name[^LongestName..];
        return new KeptCheckpointDocument { Name = name, Note = kept.Signed.ToString() };
    }

    private static string? TextOf(WitnessPolicy? policy) => policy is null ? null : Encoding.UTF8.GetString(policy.ToBytes());
}
