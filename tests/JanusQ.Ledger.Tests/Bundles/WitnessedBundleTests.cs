using System.Collections.Immutable;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Testing.RunRecorder;
using JanusQ.Ledger.Tests.Audit;
using JanusQ.Ledger.Tests.Log;

namespace JanusQ.Ledger.Tests.Bundles;

/// <summary>Bundles of a log that witnesses cosign and whose key changes, verified against a policy of these witnesses.</summary>
[Collection(nameof(ASeededLedger))]
public sealed class WitnessedBundleTests(ASeededLedger seeded) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janusq-bundles-");
    private readonly AWitness _one = new("one.example", 31, ALog.Key(1).Verifier, ALog.Key(2).Verifier);
    private readonly AWitness _two = new("two.example", 32, ALog.Key(1).Verifier, ALog.Key(2).Verifier);
    private readonly HttpClient _http = new();

    private static readonly BundleScope Whole = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Both => $"{_one.PolicyLine}\n{_two.PolicyLine}\ngroup both all one.example two.example\nquorum both\n";

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task a_bundle_that_both_witnesses_cosigned_satisfies_the_policy_that_asks_for_both()
    {
        await using var ledger = await seeded.CopyAsync();
        await using var host = ledger.Open(ALog.Options());
        var policy = ALog.Policy(Both);
        await WitnessAsync(host, policy);

        foreach (var scope in new[] { Whole, new BundleScope(PromotableRun.Number(0).CandidateId) })
        {
            var path = await ExportAsync(host, scope, policy, 1);
            var verdict = Verify(path, policy, 1);
            Assert.Equal([], verdict.Findings);
            Assert.True(verdict is { IsVerified: true, Events: > 10, Decisions: > 0 });
            Assert.Equal(["one.example", "two.example"], verdict.CosignedBy.Select(key => key.Name));

            // The policy that travels along is the one that it was exported with, and whoever knows no witness is not stopped by them.
            Assert.Equal([], Verify(path, null, 1).Findings);
        }
    }

    [Fact]
    public async Task a_bundle_that_one_witness_cosigned_does_not_satisfy_the_policy_that_asks_for_both()
    {
        await using var ledger = await seeded.CopyAsync();
        await using var host = ledger.Open(ALog.Options());
        await WitnessAsync(host, ALog.Policy($"{_one.PolicyLine}\nquorum one.example\n"));
        var path = await ExportAsync(host, Whole, null, 1);

        var verdict = Verify(path, ALog.Policy(Both), 1);

        var finding = Assert.Single(verdict.Findings);
        Assert.Equal(("checkpoint_quorum_missing", "checkpoint"), (finding.Code, finding.Place));
        Assert.Contains("one.example cosigned", finding.Found, StringComparison.Ordinal);
        Assert.Empty(verdict.CosignedBy);
        Assert.True(Verify(path, ALog.Policy(Both.Replace("both all", "both any", StringComparison.Ordinal)), 1).IsVerified);
    }

    [Fact]
    public async Task a_policy_that_the_checkpoint_does_not_satisfy_is_not_put_into_a_bundle()
    {
        await using var ledger = await seeded.CopyAsync();
        await using var host = ledger.Open(ALog.Options());
        await WitnessAsync(host, ALog.Policy($"{_one.PolicyLine}\nquorum one.example\n"));

        var refused = await Assert.ThrowsAsync<RefusedException>(() => ExportAsync(host, Whole, ALog.Policy(Both), 1));

        Assert.Equal("checkpoint_quorum_missing", refused.Refusal.Code);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task a_cosignature_of_a_witness_that_the_policy_does_not_know_does_not_count()
    {
        await using var ledger = await seeded.CopyAsync();
        await using var host = ledger.Open(ALog.Options());

        // Of the same name, and with another key.
        using var impostor = new AWitness("two.example", 33, ALog.Key(1).Verifier);
        await WitnessAsync(
            host, ALog.Policy($"{_one.PolicyLine}\n{impostor.PolicyLine}\ngroup both all one.example two.example\nquorum both\n"));
        var path = await ExportAsync(host, Whole, null, 1);

        Assert.Equal(["checkpoint_quorum_missing"], Verify(path, ALog.Policy(Both), 1).Findings.Select(finding => finding.Code));
        var known = Verify(path, ALog.Policy($"{_one.PolicyLine}\n{_two.PolicyLine}\nquorum one.example\n"), 1);
        Assert.Equal([], known.Findings);
        Assert.Equal([_one.Key], known.CosignedBy);
        Assert.Empty(Verify(path, ALog.Policy("quorum none\n"), 1).CosignedBy);
    }

    [Fact]
    public async Task a_cosignature_that_was_forged_in_the_database_spoils_the_bundle_for_who_knows_the_witness()
    {
        await using var ledger = await seeded.CopyAsync();
        await using var host = ledger.Open(ALog.Options());
        await WitnessAsync(host, ALog.Policy($"{_one.PolicyLine}\nquorum one.example\n"));
        var forged = NoteSignature.Of(_two.Key, new byte[72]);
        await ledger.RunAsync(
            $"""
            insert into janusq.log_cosignature (tree_size, witness, cosigned_at, signature)
            values ({seeded.Latest.Checkpoint.Size}, '{_two.Key}', 'epoch', '{forged}')
            """);
        var path = await ExportAsync(host, Whole, null, 1);

        Assert.Equal(["note_signature_invalid"], Verify(path, ALog.Policy(Both), 1).Findings.Select(finding => finding.Code));
        Assert.True(Verify(path, ALog.Policy($"{_one.PolicyLine}\nquorum one.example\n"), 1).IsVerified);
    }

    [Fact]
    public async Task bundles_from_before_and_after_a_rotation_need_the_key_of_their_time()
    {
        await using var ledger = await seeded.CopyAsync();
        var policy = ALog.Policy(Both);
        string before;
        await using (var host = ledger.Open(ALog.Options()))
        {
            await WitnessAsync(host, policy);
            before = await ExportAsync(host, Whole, policy, 1);
        }

        await using var rotated = ledger.Open(ALog.Options(2, 1));
        await PromotableRun.RehearseAsync(rotated, "runbook_validated", true, Cancellation, minutes: 7);
        await rotated.Log.CatchUpAsync(ALog.Patience, Cancellation);
        var policyAfter = ALog.Policy($"log {ALog.Key(2).Verifier}\n{Both}");
        await WitnessAsync(rotated, policyAfter);
        var after = await ExportAsync(rotated, Whole, policyAfter, 2, 1);
        var candidate = await ExportAsync(rotated, new BundleScope(PromotableRun.Number(0).CandidateId), policyAfter, 2, 1);

        foreach (var path in new[] { before, after, candidate })
        {
            var verdict = Verify(path, policyAfter, 1, 2);
            Assert.Equal([], verdict.Findings);
            Assert.Equal([ALog.Key((byte)(path == before ? 1 : 2)).Verifier], verdict.SignedBy);
            Assert.Equal(2, verdict.CosignedBy.Length);
            Assert.Empty(verdict.KeysNotGiven);
        }

        Assert.Equal(Verify(before, policy, 1).Events + 1, Verify(after, policyAfter, 1, 2).Events);

        // What the later key signed says nothing to who knows the first one only, whatever the bundle says of itself.
        foreach (var path in new[] { after, candidate })
        {
            foreach (var known in new[] { policy, null })
            {
                var refused = Verify(path, known, 1);
                Assert.False(refused.IsVerified);
                Assert.Contains(refused.Findings, finding => finding is { Code: "note_unverified", Place: "checkpoint" });
                Assert.Contains(refused.Findings, finding => finding.Code == "dsse_unverified");
                Assert.Empty(refused.SignedBy);
                Assert.Equal([ALog.Key(2).Verifier], refused.KeysNotGiven);
            }
        }

        Assert.Contains(Verify(before, null, 2).Findings, finding => finding is { Code: "note_unverified", Place: "checkpoint" });
    }

    [Fact]
    public async Task after_a_rotation_a_policy_that_knows_the_old_key_only_is_not_put_into_a_bundle()
    {
        await using var ledger = await seeded.CopyAsync();
        await using var rotated = ledger.Open(ALog.Options(2, 1));
        await PromotableRun.RehearseAsync(rotated, "runbook_validated", true, Cancellation, minutes: 7);
        await rotated.Log.CatchUpAsync(ALog.Patience, Cancellation);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => ExportAsync(rotated, Whole, ALog.Policy("quorum none\n"), 2, 1));

        Assert.Equal("note_unverified", refused.Refusal.Code);
    }

    private async Task WitnessAsync(LedgerHost host, WitnessPolicy policy)
    {
        var latest = await host.Log.Reader.LatestCheckpointAsync(Cancellation);
        Assert.Null((await host.Keepers(_http).WitnessAsync(latest!.Signed, policy, Cancellation)).Refusal);
    }

    private async Task<string> ExportAsync(LedgerHost host, BundleScope scope, WitnessPolicy? policy, byte key, params byte[] old)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():n}.zip");
        await host.Bundles.WriteAsync(
            path,
            scope,
            new BundleKeys { Known = KeysOf([key, .. old]), Signer = ALog.Key(key), Policy = policy },
            cancellation: Cancellation);
        return path;
    }

    private static BundleVerdict Verify(string path, WitnessPolicy? policy, params byte[] keys)
    {
        using var verification = BundleVerification.Open(path, new BundleTrust(KeysOf(keys), policy));
        return verification.Verify(Cancellation);
    }

    private static ImmutableArray<VerifierKey> KeysOf(IEnumerable<byte> keys) => [.. keys.Select(key => ALog.Key(key).Verifier)];
}
