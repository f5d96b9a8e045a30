using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Hosting;

namespace JanusQ.Ledger.Server.Audits;

/// <summary>
/// The verifier keys of the log that the server's operator names: those of its own key, else of the file in the settings.
/// </summary>
internal static class OperatorKeys
{
    /// <summary>All of them; none where none are named.</summary>
    public static async Task<ImmutableArray<VerifierKey>> FindAsync(
        LedgerHost ledger, ServerSettings settings, CancellationToken cancellation) =>
        ledger.Log.Keys is { } ring ? ring.Known
            : settings.LogVerifiers is { } file ? await LogKeyFile.ReadVerifiersAsync(file, cancellation).ConfigureAwait(false)
            : [];

    /// <summary>All of them, of which there must be one.</summary>
    /// <exception cref="RefusedException"><c>log_key_missing</c></exception>
    public static async Task<ImmutableArray<VerifierKey>> DemandAsync(
        LedgerHost ledger, ServerSettings settings, CancellationToken cancellation)
    {
        var keys = await FindAsync(ledger, settings, cancellation).ConfigureAwait(false);
        return keys.IsEmpty
            ? throw new RefusedException(new Refusal(
                LogRefusals.KeyMissing, "The server neither holds the log's key nor names its verifier keys (the setting LogVerifiers)."))
            : keys;
    }
}
