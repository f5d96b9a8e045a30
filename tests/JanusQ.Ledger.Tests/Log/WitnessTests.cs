using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Log;

public sealed class WitnessTests(PostgreSqlFixture postgres)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task witnesses_cosign_every_new_checkpoint_and_their_cosignatures_are_kept()
    {
        using var one = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        using var two = new AWitness("two.example", 12, ALog.Key(1).Verifier);
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        var policy = ALog.Policy($"{one.PolicyLine}\n{two.PolicyLine}\ngroup both all one.example two.example\nquorum both\n");
        foreach (var more in new[] { 3, 300, 1 })
        {
            await log.AppendAsync(more);
            var witnessing = await WitnessAsync(log, policy);
            Assert.Null(witnessing.Refusal);
            Assert.All(witnessing.Answers, answer => Assert.Null(answer.Refusal));
            Assert.Equal(3, witnessing.Checkpoint.Note.Signatures.Length);
        }

        Assert.Equal(304, one.Known.Size);
        Assert.Equal(["old 0", "old 3", "old 303"], one.Requests.Select(request => request.Split('\n')[0]));
        var latest = await log.Reader.LatestCheckpointAsync(Cancellation);
        Assert.True(policy.TryVerify(latest!.Signed, out var satisfaction, out _));
        Assert.Equal(2, satisfaction.Cosignatures.Length);
        Assert.Equal(6, await log.ScalarAsync<long>("select count(*) from janusq.log_cosignature"));

        // A proof that is handed out carries them.
        Assert.True((await log.Reader.ProveAsync(5, Cancellation)).Proof.TryVerify(
            MerkleHash.Leaf((await log.Reader.ProveAsync(5, Cancellation)).Leaf.AsSpan()), policy, out _, out _));
    }

    [Fact]
    public async Task the_same_checkpoint_is_cosigned_again()
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        var policy = ALog.Policy($"{witness.PolicyLine}\nquorum one.example\n");
        await log.AppendAsync(3);
        await WitnessAsync(log, policy);
        Assert.Null((await WitnessAsync(log, policy)).Refusal);
        Assert.Equal(["old 0", "old 3"], witness.Requests.Select(request => request.Split('\n')[0]));
    }

    [Fact]
    public async Task a_witness_that_knows_another_size_is_asked_again_from_there()
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        var known = (await log.CatchUpAsync()).Checkpoint!;
        witness.Known = (known.Size, known.Root);
        await log.AppendAsync(4);
        Assert.Null((await WitnessAsync(log, ALog.Policy($"{witness.PolicyLine}\nquorum one.example\n"))).Refusal);
        Assert.Equal(["old 0", "old 3"], witness.Requests.Select(request => request.Split('\n')[0]));
    }

    [Fact]
    public async Task a_witness_that_knows_a_larger_tree_stops_everything()
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        witness.Known = (99, Sha256Hash.OfText("what was there"));
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        var policy = ALog.Policy($"{witness.PolicyLine}\nquorum none\n");
        var stopped = await Assert.ThrowsAsync<LogStoppedException>(() => WitnessAsync(log, policy));
        Assert.Equal(LogRefusals.TailMissing, stopped.Refusal.Code);
    }

    [Fact]
    public async Task the_background_stops_signing_where_a_witness_knows_a_larger_tree()
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        witness.Known = (99, Sha256Hash.OfText("what was there"));
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        var options = ALog.Options() with { Policy = ALog.Policy($"{witness.PolicyLine}\nquorum none\n") };
        await using var program = log.Ledger.Another(ledger => ledger with { RunLog = true, Log = options });
        await program.StartAsync(Cancellation);
        await log.AppendAsync(1);
        await SequencerTests.UntilAsync(() => Task.FromResult(program.LogStopped is not null));
        Assert.Equal(LogRefusals.TailMissing, program.LogStopped!.Code);
        await log.AppendAsync(1);
        await Task.Delay(300, Cancellation);
        Assert.Equal(1, await SequencerTests.SignedAsync(log));
    }

    [Fact]
    public async Task a_witness_that_knows_another_tree_of_the_size_refuses_the_proof()
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        witness.Known = (2, Sha256Hash.OfText("what was there"));
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        Assert.Equal("witness_proof_refused", await RefusalAsync(log, witness));
    }

    [Fact]
    public async Task a_witness_refuses_what_it_does_not_know_or_trust()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        using var stranger = new AWitness("one.example", 11, ALog.Key(1, "other.example").Verifier);
        Assert.Equal("witness_log_unknown", await RefusalAsync(log, stranger));
        using var distrustful = new AWitness("two.example", 12, ALog.Key(2).Verifier);
        Assert.Equal("witness_signature_refused", await RefusalAsync(log, distrustful));
    }

    [Theory]
    [InlineData(400, "text/plain", "", "witness_request_refused")]
    [InlineData(403, "text/plain", "", "witness_signature_refused")]
    [InlineData(404, "text/plain", "", "witness_log_unknown")]
    [InlineData(409, "text/plain", "2\n", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "two\n", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "2\n", "witness_conflict")]
    [InlineData(422, "text/plain", "", "witness_proof_refused")]
    [InlineData(500, "text/plain", "", "witness_answer_unexpected")]
    [InlineData(200, "text/plain", "no signature\n", "witness_answer_malformed")]
    [InlineData(200, "text/plain", "", "witness_answer_malformed")]
    public async Task an_answer_that_is_no_cosignature_is_named_and_nothing_is_kept(int status, string type, string body, string code)
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier) { Instead = (status, type, body) };
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        Assert.Equal(code, await RefusalAsync(log, witness));
        Assert.Equal(0, await log.ScalarAsync<long>("select count(*) from janusq.log_cosignature"));
    }

    [Fact]
    public async Task a_cosignature_of_something_else_or_by_somebody_else_is_not_kept()
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        byte[] seed = [.. Enumerable.Repeat((byte)11, SignerKey.SeedSize)];
        using var other = SignerKey.FromSeed("one.example", seed, NoteSignatureType.Ed25519Cosignature);
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        var elsewhere = Checkpoint.Of(ALog.Origin, 3, Sha256Hash.OfText("elsewhere"));
        witness.Instead = (200, "text/plain", Cosignature.Make(other, elsewhere, 1_700_000_000).Signature + "\n");
        Assert.Equal("note_signature_invalid", await RefusalAsync(log, witness));
        using var foreign = SignerKey.FromSeed("one.example", new byte[32], NoteSignatureType.Ed25519Cosignature);
        witness.Instead = (200, "text/plain", Cosignature.Make(foreign, elsewhere, 1_700_000_000).Signature + "\n");
        Assert.Equal("note_unverified", await RefusalAsync(log, witness));
        var right = (await log.CatchUpAsync()).Checkpoint!.Signed.Checkpoint;
        witness.Instead = (200, "text/plain", Cosignature.Make(other, right, 0).Signature + "\n");
        Assert.Equal("witness_time_missing", await RefusalAsync(log, witness));
        Assert.Equal(0, await log.ScalarAsync<long>("select count(*) from janusq.log_cosignature"));
    }

    [Fact]
    public async Task a_witness_that_is_not_there_leaves_the_quorum_missing()
    {
        using var there = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        var gone = new AWitness("two.example", 12, ALog.Key(1).Verifier);
        gone.Dispose();
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        var witnessing = await WitnessAsync(
            log, ALog.Policy($"{there.PolicyLine}\n{gone.PolicyLine}\ngroup both all one.example two.example\nquorum both\n"));
        Assert.Equal([null, "witness_unreachable"], witnessing.Answers.Select(answer => answer.Refusal?.Code));
        Assert.Equal("checkpoint_quorum_missing", witnessing.Refusal!.Code);
        Assert.Equal(1, await log.ScalarAsync<long>("select count(*) from janusq.log_cosignature"));
    }

    [Fact]
    public async Task the_background_asks_the_witnesses_and_publishes_what_they_cosigned()
    {
        using var witness = new AWitness("one.example", 11, ALog.Key(1).Verifier);
        using var folder = new DataFolderOfALog();
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        var policy = ALog.Policy($"{witness.PolicyLine}\nquorum one.example\n");
        await using var program = log.Ledger.Another(options => options with
        {
            RunLog = true,
            Log = ALog.Options() with { Policy = policy, PublishTo = [folder.Path] },
        });
        await program.SendAsync(ALedger.AFinishedRun(), Cancellation);
        var file = Path.Combine(folder.Path, "checkpoint");
        await SequencerTests.UntilAsync(() => Task.FromResult(File.Exists(file)));
        Assert.True(SignedCheckpoint.TryParse(await File.ReadAllBytesAsync(file, Cancellation), out var signed, out _));
        Assert.True(policy.TryVerify(signed, out _, out _, ALog.Key(1).Verifier));
        Assert.Equal(17, folder.Verify(ALog.Key(1).Verifier));
    }

    private static async Task<string?> RefusalAsync(ALog log, AWitness witness)
    {
        var name = witness.PolicyLine.Split(' ')[1];
        var witnessing = await WitnessAsync(log, ALog.Policy($"{witness.PolicyLine}\nquorum {name}\n"));
        Assert.Equal("checkpoint_quorum_missing", witnessing.Refusal!.Code);
        var answer = Assert.Single(witnessing.Answers);
        Assert.Empty(answer.Cosignatures);
        return answer.Refusal?.Code;
    }

    private static async Task<Witnessing> WitnessAsync(ALog log, WitnessPolicy policy)
    {
        var signed = (await log.CatchUpAsync()).Checkpoint!.Signed;
        return await log.Host.Keepers(Http).WitnessAsync(signed, policy, Cancellation);
    }
}
