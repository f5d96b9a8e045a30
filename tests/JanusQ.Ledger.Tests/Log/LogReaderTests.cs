using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Log;

public sealed class LogReaderTests(PostgreSqlFixture postgres)
{
    private static readonly HttpClient NoNetwork = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_event_is_proven_under_the_last_checkpoint_and_no_mutated_proof_is()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(258);
        await log.CatchUpAsync();
        var policy = WitnessPolicy.OfLogs(ALog.Key(1).Verifier);
        for (var sequence = 1; sequence <= 258; sequence++)
        {
            var proof = await log.Reader.ProveAsync(sequence, Cancellation);
            Assert.Equal(sequence - 1, proof.Index);
            Assert.True(InclusionProofFile.TryParse(proof.Proof.ToBytes(), out var read, out var refusal), refusal?.Explanation);
            var hash = MerkleHash.Leaf(proof.Leaf.AsSpan());
            Assert.True(read.TryVerify(hash, policy, out _, out refusal), refusal?.Explanation);
            Assert.Equal(proof.Leaf.AsSpan(), read.Extra.AsSpan());
            Assert.False(read.TryVerify(Sha256Hash.OfText("other"), policy, out _, out _));
        }
    }

    [Fact]
    public async Task an_event_is_proven_by_its_id_and_what_is_not_signed_is_refused_by_name()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(2);
        Assert.Equal(LogRefusals.NotSignedYet, await NameAsync(() => log.Reader.ProveAsync(1, Cancellation)));
        await log.CatchUpAsync();
        var id = await log.ScalarAsync<Guid>("select id from janusq.mt_events where seq_id = 2");
        var proof = await log.Reader.ProveAsync(id, Cancellation);
        Assert.Equal((1, 2, id), (proof.Index, proof.Sequence, proof.EventId));
        await log.AppendAsync(1);
        Assert.Equal(LogRefusals.NotSignedYet, await NameAsync(() => log.Reader.ProveAsync(3, Cancellation)));
        Assert.Equal(LogRefusals.UnknownEvent, await NameAsync(() => log.Reader.ProveAsync(4, Cancellation)));
        Assert.Equal(LogRefusals.UnknownEvent, await NameAsync(() => log.Reader.ProveAsync(Guid.NewGuid(), Cancellation)));
    }

    [Fact]
    public async Task trees_of_all_sizes_are_proven_to_continue_each_other()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        var signed = new List<LogCheckpoint>();
        foreach (var more in new[] { 1, 2, 254, 255, 1, 100 })
        {
            await log.AppendAsync(more);
            signed.Add((await log.CatchUpAsync()).Checkpoint!);
        }

        foreach (var from in signed)
        {
            foreach (var to in signed.Where(to => to.Size >= from.Size))
            {
                var proof = await log.Reader.ProveConsistencyAsync(from.Size, to.Size, Cancellation);
                Assert.Equal((from.Root, to.Root), (proof.FromRoot, proof.ToRoot));
                Assert.Null(MerkleVerification.Consistency(from.Size, from.Root, to.Size, to.Root, proof.Hashes.AsSpan()));
            }
        }

        Assert.Empty((await log.Reader.ProveConsistencyAsync(0, 613, Cancellation)).Hashes);
        Assert.Equal("consistency_sizes_shrink", await NameAsync(() => log.Reader.ProveConsistencyAsync(3, 2, Cancellation)));
        Assert.Equal(LogRefusals.NotSignedYet, await NameAsync(() => log.Reader.ProveConsistencyAsync(3, 614, Cancellation)));
        await log.TamperAsync("log_checkpoint", "update janusq.log_checkpoint set root = sha256('other') where tree_size = 3");
        var stopped = await Assert.ThrowsAsync<LogStoppedException>(() => log.Reader.ProveConsistencyAsync(3, 613, Cancellation));
        Assert.Equal(LogRefusals.CheckpointAltered, stopped.Refusal.Code);
    }

    [Fact]
    public async Task tiles_are_served_as_far_as_the_last_checkpoint_goes()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        Assert.Null(await log.Reader.ReadTileAsync(TilePath.Hashes(0, 0, 1), Cancellation));
        await log.AppendAsync(520);
        await log.CatchUpAsync();
        await log.AppendAsync(300);
        await using var source = Npgsql.NpgsqlDataSource.Create(log.ConnectionString);
        await using (var writer = await LogWriter.TryOpenAsync(source, ALog.Options(), TimeProvider.System, Cancellation))
            await writer!.TakeAsync(Cancellation);

        var tree = new MerkleTree();
        const string Signed = "select encode(leaf_hash, 'hex') from janusq.log_leaf where log_index < 520 order by log_index";
        foreach (var hash in await log.Ledger.ListAsync(Signed))
            tree.Append(Sha256Hash.Parse(hash));
        var all = tree.TakeChanged();
        Assert.Equal(["tile/0/000", "tile/0/001", "tile/0/002.p/8", "tile/1/000.p/2"], all.Select(tile => tile.Path.ToString()));
        foreach (var tile in all) Assert.Equal(tile.Hashes.ToArray(), await log.Reader.ReadTileAsync(tile.Path, Cancellation));
        Assert.Equal(all[1].Hashes[..(7 * 32)].ToArray(), await log.Reader.ReadTileAsync(TilePath.Hashes(0, 1, 7), Cancellation));
        Assert.Equal(all[3].Hashes[..32].ToArray(), await log.Reader.ReadTileAsync(TilePath.Hashes(1, 0, 1), Cancellation));
        foreach (var beyond in new[]
        {
            TilePath.Hashes(0, 2, 9), TilePath.Hashes(0, 2), TilePath.Hashes(0, 3, 1), TilePath.Hashes(1, 0, 3), TilePath.Hashes(2, 0, 1),
            TilePath.Hashes(63, 0, 1), TilePath.Entries(2, 9), TilePath.Entries(3, 1),
        })
        {
            Assert.Null(await log.Reader.ReadTileAsync(beyond, Cancellation));
        }

        var bundle = await log.Reader.ReadTileAsync(TilePath.Entries(2, 8), Cancellation);
        Assert.True(EntryBundle.TryRead(bundle!, 8, out var leaves, out _));
        Assert.Equal(all[2].Hashes.ToArray(), leaves.SelectMany(leaf => MerkleHash.Leaf(leaf.Span).Bytes.ToArray()));
    }

    [Fact]
    public async Task a_published_folder_is_verified_from_its_files_alone()
    {
        using var folder = new DataFolderOfALog();
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        var files = 0;
        foreach (var more in new[] { 3, 253, 1, 600 })
        {
            await log.AppendAsync(more);
            await log.CatchUpAsync();
            var published = await PublishAsync(log, folder.Path);
            Assert.Null(published.Refusal);
            files += published.Files;
            folder.Verify(ALog.Key(1).Verifier);
        }

        Assert.True(files < 25, "Only what is new is written.");
        Assert.Equal(1, (await PublishAsync(log, folder.Path)).Files);

        // Two programs that publish: the one that is behind leaves the folder as it is.
        await log.AppendAsync(1);
        var old = await log.Reader.LatestCheckpointAsync(Cancellation);
        await log.CatchUpAsync();
        await PublishAsync(log, folder.Path);
        Assert.Equal(0, (await log.Host.Keepers(NoNetwork).PublishAsync(old!.Signed, folder.Path, Cancellation)).Files);
        Assert.Equal(858, folder.Verify(ALog.Key(1).Verifier));
    }

    [Fact]
    public async Task a_folder_that_knows_another_tree_or_a_larger_one_stops_the_publishing()
    {
        using var folder = new DataFolderOfALog();
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(5);
        await log.CatchUpAsync();
        await PublishAsync(log, folder.Path);
        await using var other = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await other.AppendAsync(4);
        await other.CatchUpAsync();
        Assert.Equal(LogRefusals.TailMissing, await StoppedAsync(() => PublishAsync(other, folder.Path)));
        await other.AppendAsync(4);
        await other.CatchUpAsync();
        Assert.Equal(LogRefusals.Inconsistent, await StoppedAsync(() => PublishAsync(other, folder.Path)));
        await using var foreign = await ALog.OnAnEmptyDatabaseAsync(postgres, ALog.Options(2));
        await foreign.AppendAsync(9);
        await foreign.CatchUpAsync();
        Assert.Equal(LogRefusals.KeyUnknown, await StoppedAsync(() => PublishAsync(foreign, folder.Path)));
        File.WriteAllText(Path.Combine(folder.Path, "checkpoint"), "nothing");
        Assert.Equal(LogRefusals.CheckpointAltered, await StoppedAsync(() => PublishAsync(log, folder.Path)));
    }

    private static async Task<Publication> PublishAsync(ALog log, string to)
    {
        var latest = await log.Reader.LatestCheckpointAsync(Cancellation);
        return await log.Host.Keepers(NoNetwork).PublishAsync(latest!.Signed, to, Cancellation);
    }

    private static async Task<string> NameAsync(Func<Task> work) => (await Assert.ThrowsAsync<RefusedException>(work)).Refusal.Code;

    private static async Task<string> StoppedAsync(Func<Task> work) => (await Assert.ThrowsAsync<LogStoppedException>(work)).Refusal.Code;
}
