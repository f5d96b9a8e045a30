using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// An export as it is asked for, of a program on the database and of a server alike: what is to be in the bundle, and that what is not
/// signed yet is signed first where it is to hold statements.
/// </summary>
public sealed record ExportOrder
{
    /// <summary>How long transactions that are still open are waited for, unless said otherwise.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);

    /// <summary>Everything about this candidate; none with <see cref="DecisionId"/> or for the whole ledger.</summary>
    public string? CandidateId { get; init; }

    /// <summary>This decision, with its candidate's events up to it; none with <see cref="CandidateId"/> or for the whole ledger.</summary>
    public string? DecisionId { get; init; }

    /// <summary>As the ledger was signed at that instant; none for what is recorded now.</summary>
    public Instant? Until { get; init; }

    /// <summary>Whether the signed in-toto statements are to be in it: then the program must hold the log's key.</summary>
    public bool WithStatements { get; init; } = true;

    /// <summary>The policy that goes along; none stands for one that asks for no witness.</summary>
    public WitnessPolicy? Policy { get; init; }

    /// <summary>How long transactions that are still open are waited for.</summary>
    public TimeSpan Patience { get; init; } = UsualPatience;

    /// <summary>Writes the bundle.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="path">The file. Nothing is left of it unless it is whole.</param>
    /// <param name="verifiers">Every verifier key that the log ever had: asked for where the program signs nothing.</param>
    /// <param name="progressed">Hears how far it has come.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RefusedException">
    /// <c>log_key_missing</c>: statements are asked for and the program holds no key; <c>log_held_up</c>, <c>log_busy</c>,
    /// <c>log_not_signed_yet</c>: not everything is signed; or as <see cref="BundleExport.WriteAsync"/> refuses.
    /// </exception>
    /// <exception cref="LogStoppedException">What is stored is not what was signed.</exception>
    public async Task<BundleManifest> WriteAsync(
        LedgerHost ledger,
        string path,
        Func<Task<ImmutableArray<VerifierKey>>> verifiers,
        Action<BundleProgress>? progressed = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(verifiers);
        var ring = WithStatements ? ledger.Log.Options.Keys : null;
        var keys = new BundleKeys { Known = ring?.Known ?? await verifiers(), Signer = ring?.Signer, Policy = Policy };
        if (Until is null) await CoverAsync(ledger.Log, cancellation);
        return await ledger.Bundles.WriteAsync(path, await ScopeAsync(ledger, cancellation), keys, progressed, cancellation);
    }

    /// <summary>Makes sure that the last checkpoint speaks for everything that is recorded.</summary>
    private async Task CoverAsync(TransparencyLog log, CancellationToken cancellation)
    {
        if (WithStatements)
        {
            if ((await log.CatchUpAsync(Patience, cancellation)).IsComplete) return;
            throw Refuse(
                "log_held_up",
                "A transaction that drew earlier numbers is still open, so that not everything can be signed. Try again, or name --until.");
        }

        var status = await log.Reader.StatusAsync(cancellation);
        if (status is not { EventsBehind: 0, Checkpoint: { } signed } || signed.Size != status.Size)
        {
            throw Refuse(
                LogRefusals.NotSignedYet,
                "Not everything is signed, and without a key nothing can be: sign a checkpoint first, or name --until.");
        }
    }

    private async Task<BundleScope> ScopeAsync(LedgerHost ledger, CancellationToken cancellation)
    {
        if (DecisionId is null) return new BundleScope(CandidateId, null, Until);
        var found = await ledger.Decisions.FindAsync(DecisionId, cancellation)
            ?? throw Refuse("unknown_decision", $"There is no decision '{DecisionId}'.");
        return new BundleScope(found.CandidateId, DecisionId, Until);
    }

    private static RefusedException Refuse(string code, string explanation) => new(new Refusal(code, explanation));
}
