using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Cli.Tests.Bundles;

/// <summary>
/// A ledger with two champions, one after the other, and one run that was denied, and the bundles of all of it, of the first champion and
/// of the decision about it.
/// </summary>
public sealed class ExportedBundles(PostgreSqlFixture postgreSql) : IAsyncLifetime
{
    public const string Origin = "ledger.example/log";

    private readonly TemporaryFolder _folder = new();
    private readonly SignerKey _signer = SignerKey.FromSeed(Origin, [.. Enumerable.Repeat((byte)1, SignerKey.SeedSize)]);
    private TestDatabase? _database;
    private LedgerHost? _ledger;

    public VerifierKey Key => _signer.Verifier;

    public BundleTrust Trust => new([Key]);

    public BundleKeys Keys => new() { Known = [Key], Signer = _signer };

    public LedgerHost Ledger => _ledger!;

    public string ConnectionString => _database!.ConnectionString;

    public string CandidateId { get; private set; } = "";

    public string DecisionId { get; private set; } = "";

    public string All => At("all.zip");

    public string Candidate => At("candidate.zip");

    public string Decision => At("decision.zip");

    public string KeyFile => At("log.key");

    public string At(string name) => _folder.At(name);

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _database = await postgreSql.NewLedgerDatabaseAsync();
        await File.WriteAllTextAsync(KeyFile, _signer.ToSecretText() + "\n", cancellation);
        await File.WriteAllTextAsync(KeyFile + ".verifiers", Key + "\n", cancellation);
        _ledger = await LedgerHost.OpenAsync(
            new LedgerOptions
            {
                ConnectionString = ConnectionString,
                Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
                Clock = new StandingClock(PromotableRun.Now),
                Log = new LogOptions { Keys = LogKeyRing.Of(_signer) },
            },
            cancellation: cancellation);
        await PromotableRun.PrepareAsync(_ledger, cancellation);
        var first = PromotableRun.Number(0);
        CandidateId = first.CandidateId;
        DecisionId = (await first.PromoteAsync(_ledger, cancellation)).Decision!.DecisionId;
        await PromotableRun.Number(1).PromoteAsync(_ledger, cancellation);
        await PromotableRun.Loser().PromoteAsync(_ledger, cancellation);
        await _ledger.Log.CatchUpAsync(TimeSpan.FromMinutes(1), cancellation);
        await ExportAsync(All, new BundleScope());
        await ExportAsync(Candidate, new BundleScope(CandidateId));
        await ExportAsync(Decision, new BundleScope(CandidateId, DecisionId));
    }

    public Task<BundleManifest> ExportAsync(string path, BundleScope scope, BundleKeys? keys = null) =>
        Ledger.Bundles.WriteAsync(path, scope, keys ?? Keys, cancellation: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null) await _ledger.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        _signer.Dispose();
        _folder.Dispose();
    }
}
