using System.Collections.Concurrent;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Testing.RunRecorder;
using JanusQ.Ledger.Tests.Log;

namespace JanusQ.Ledger.Tests.Audit;

/// <summary>What is verified against what, and how it is told.</summary>
[Collection(nameof(ASeededLedger))]
public sealed class LedgerAuditTests(ASeededLedger seeded)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task since_a_checkpoint_only_what_is_new_is_verified()
    {
        await using var ledger = await seeded.CopyAsync();
        await ledger.RunAsync("update janusq.mt_events set user_name = 'somebody' where seq_id = 20");
        var early = seeded.Early.Checkpoint.Size;

        var report = await ledger.VerifyAsync(options => options with { Since = Kept(seeded.Early) });

        Assert.True(report.IsClean, ATamperedLedger.Of(report.Findings));
        var all = seeded.Latest.Checkpoint.Size;
        Assert.Equal(
            (early, all - early, all - early, 3L), (report.Since, report.Counts.Events, report.Counts.Leaves, report.Counts.Decisions));
        Assert.Equal(seeded.Latest.ToString(), report.Signed!.ToString());

        await ledger.RunAsync(
            "update janusq.mt_events set user_name = 'somebody' where seq_id = (select max(seq_id) from janusq.mt_events)");
        await ledger.RunAsync("delete from janusq.content where encode(sha256, 'hex') = (select data ->> 'sha256' from janusq.mt_events "
            + "where type = 'artifact_emitted' order by seq_id desc limit 1)");
        report = await ledger.VerifyAsync(options => options with { Since = Kept(seeded.Early) });
        Assert.Equal([AuditCodes.ContentMissing, AuditCodes.EventLeafMismatch], report.FindingCounts.Keys);

        // From the end on there is nothing new, and what was kept before is proven to be its beginning.
        report = await ledger.VerifyAsync(options => options with { Since = Kept(seeded.Latest), Kept = [Kept(seeded.Early)] });
        Assert.True(report.IsClean, ATamperedLedger.Of(report.Findings));
        Assert.Equal((all, 0L), (report.Since, report.Counts.Events));
    }

    [Fact]
    public async Task since_a_checkpoint_that_is_not_of_this_tree_everything_is_verified()
    {
        await using var ledger = await seeded.CopyAsync();
        var other = Another(seeded.Early.Checkpoint.Size);

        var report = await ledger.VerifyAsync(options => options with { Since = Kept(other) });

        Assert.Equal((0L, seeded.Latest.Checkpoint.Size), (report.Since, report.Counts.Events));
        Assert.Equal([AuditCodes.CheckpointsContradict, AuditCodes.KeptCheckpointMismatch], report.FindingCounts.Keys);
        var beyond = await ledger.VerifyAsync(options => options with { Since = Kept(Another(100_000)) });
        Assert.Equal([AuditCodes.KeptCheckpointBeyondLog], beyond.FindingCounts.Keys);
        var older = await ledger.VerifyAsync(options => options with { Since = Kept(seeded.Latest), Kept = [Kept(other)] });
        Assert.Equal([AuditCodes.KeptCheckpointMismatch], older.FindingCounts.Keys);
    }

    [Fact]
    public async Task without_a_key_and_with_a_checkpoint_of_another_log_nothing_is_verified()
    {
        await using var ledger = await seeded.CopyAsync();
        var missing = await Assert.ThrowsAsync<RefusedException>(() => ledger.VerifyAsync(options => options with { Keys = [] }));
        Assert.Equal("verifier_key_missing", missing.Refusal.Code);
        var foreign = await Assert.ThrowsAsync<RefusedException>(
            () => ledger.VerifyAsync(options => options with { Kept = [Kept(Another(5, key: 2))] }));
        Assert.Equal("kept_checkpoint_unverified", foreign.Refusal.Code);
    }

    [Fact]
    public async Task checkpoints_of_an_old_key_are_good_as_long_as_it_is_trusted()
    {
        await using var ledger = await seeded.CopyAsync();
        await using (var host = ledger.Open(ALog.Options(2, 1)))
        {
            await PromotableRun.RehearseAsync(host, "runbook_validated", true, Cancellation, minutes: 6);
            var behind = await ledger.VerifyAsync();
            Assert.True(behind.IsClean, ATamperedLedger.Of(behind.Findings));
            Assert.Equal((1L, seeded.Latest.Checkpoint.Size), (behind.Counts.EventsBehind, behind.Counts.Leaves));
            await host.Log.CatchUpAsync(ALog.Patience, Cancellation);
        }

        var old = await ledger.VerifyAsync();
        Assert.Equal([AuditCodes.CheckpointKeyUnknown], old.FindingCounts.Keys);
        Assert.Equal((seeded.Latest.ToString(), 1L), (old.Signed!.ToString(), old.Counts.LeavesUnsigned));
        var both = await ledger.VerifyAsync(options => options with { Keys = [ALog.Key(1).Verifier, ALog.Key(2).Verifier] });
        Assert.True(both.IsClean, ATamperedLedger.Of(both.Findings));
        Assert.Equal(0L, both.Counts.LeavesUnsigned);
    }

    [Fact]
    public async Task the_checkpoint_that_is_relied_on_has_to_satisfy_the_policy_that_is_given()
    {
        await using var ledger = await seeded.CopyAsync();
        using var stranger = new AWitness("stranger.example", 22, ALog.Key(1).Verifier);
        var known = seeded.Policy.Witnesses[0].Key;
        var either = ALog.Policy($"witness one {known}\nwitness two {stranger.Key}\ngroup either any one two\nquorum either\n");
        var both = ALog.Policy($"witness one {known}\nwitness two {stranger.Key}\ngroup both all one two\nquorum both\n");

        var without = await ledger.VerifyAsync();
        Assert.True(without.IsClean, ATamperedLedger.Of(without.Findings));
        Assert.Equal((1L, 0), (without.Counts.Cosignatures, without.CosignedBy.Length));
        var satisfied = await ledger.VerifyAsync(options => options with { Policy = either });
        Assert.True(satisfied.IsClean, ATamperedLedger.Of(satisfied.Findings));
        Assert.Equal([known], satisfied.CosignedBy);

        // Nothing behind it is new, and what is kept of it now counts beside what the caller has.
        var bare = SignedCheckpoint.Sign(seeded.Latest.Checkpoint, ALog.Key(1));
        var since = await ledger.VerifyAsync(options => options with { Policy = either, Since = Kept(bare) });
        Assert.True(since.IsClean, ATamperedLedger.Of(since.Findings));
        Assert.Equal([known], since.CosignedBy);

        var missing = await ledger.VerifyAsync(options => options with { Policy = both });
        var finding = Assert.Single(missing.Findings);
        Assert.Equal(
            (AuditCodes.CheckpointPolicyUnsatisfied, $"checkpoint {seeded.Latest.Checkpoint.Size}"), (finding.Code, finding.Subject));
        Assert.StartsWith("checkpoint_quorum_missing: ", finding.Found, StringComparison.Ordinal);
        Assert.Empty(missing.CosignedBy);
    }

    [Fact]
    public async Task a_good_cosignature_of_a_witness_that_the_policy_does_not_know_does_not_count()
    {
        await using var ledger = await seeded.CopyAsync();
        using var stranger = new AWitness("stranger.example", 22, ALog.Key(1).Verifier);
        await using (var host = ledger.Open(ALog.Options()))
        {
            await ledger.RunAsync("delete from janusq.log_cosignature");
            using var http = new HttpClient();
            var witnessing = await host.Keepers(http).WitnessAsync(
                (await host.Log.Reader.LatestCheckpointAsync(Cancellation))!.Signed,
                ALog.Policy($"{stranger.PolicyLine}\nquorum stranger.example\n"),
                Cancellation);
            Assert.Null(witnessing.Refusal);
        }

        var report = await ledger.VerifyAsync(options => options with { Policy = seeded.Policy });

        Assert.Equal([AuditCodes.CheckpointPolicyUnsatisfied], report.FindingCounts.Keys);
        Assert.Equal(1L, report.Counts.Cosignatures);
    }

    [Fact]
    public async Task cosignatures_that_nothing_here_can_verify_are_found_and_never_count()
    {
        await using var ledger = await seeded.CopyAsync();
        Assert.True(VerifierKey.TryMake(
            "quantum.example", NoteSignatureType.MlDsa44Cosignature, new byte[1312], out var key, out _));
        var size = seeded.Latest.Checkpoint.Size;
        await ledger.RunAsync(
            $"""
            insert into janusq.log_cosignature (tree_size, witness, cosigned_at, signature)
            values ({size}, '{key}', now(), '{NoteSignature.Of(key, new byte[2428])}')
            """);

        var report = await ledger.VerifyAsync(options => options with
        {
            Policy = ALog.Policy($"witness quantum.example {key}\nquorum quantum.example\n"),
        });

        Assert.Equal([AuditCodes.CheckpointPolicyUnsatisfied, AuditCodes.CosignatureInvalid], report.FindingCounts.Keys);
        Assert.Equal(1L, report.Counts.Cosignatures);
        var told = report.Findings.Single(finding => finding.Code == AuditCodes.CosignatureInvalid);
        Assert.Equal($"cosignature of {key.Hint} under checkpoint {size}", told.Subject);
        Assert.Contains("0x06", told.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task many_findings_of_a_code_are_counted_and_a_few_are_told()
    {
        await using var ledger = await seeded.CopyAsync();
        await ledger.RunAsync("update janusq.mt_events set user_name = 'somebody'");

        var report = await ledger.VerifyAsync(options => options with { Checks = [AuditCheck.Log], MostFindingsOfACode = 2 });

        Assert.Equal(seeded.Latest.Checkpoint.Size, report.FindingCounts[AuditCodes.EventLeafMismatch]);
        Assert.Equal([1L, 2L], report.Findings.Select(finding => finding.At!.Value.Sequence));
        var json = report.Findings[0].ToJson();
        Assert.Equal(
            ["check", "code", "event_id", "sequence", "stream", "version", "content_sha256", "subject", "expected", "found"],
            json.Members.Select(member => member.Key));
        Assert.Equal(("a", AuditCodes.EventLeafMismatch), (((JsonText)json["check"]!).Value, ((JsonText)json["code"]!).Value));
        Assert.StartsWith("(a) event_leaf_mismatch, event 1 (", report.Findings[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task every_step_says_how_far_it_has_come()
    {
        await using var ledger = await seeded.CopyAsync();
        var heard = new ConcurrentDictionary<string, AuditProgress>();
        await using var host = ASeededLedger.Open(ledger.ConnectionString);

        var report = await host.Audit.VerifyAsync(
            new AuditOptions { Keys = [ALog.Key(1).Verifier] }, progress => heard[progress.Step] = progress, Cancellation);

        Assert.Equal(report.Counts.Events, heard["events"].Done);
        Assert.Equal((report.Counts.Artifacts, report.Counts.Decisions), (heard["artifacts"].Done, heard["decisions"].Done));
        Assert.Equal(heard["projections"].Total, heard["projections"].Done);
    }

    private static KeptCheckpoint Kept(SignedCheckpoint signed) => new("kept", signed);

    private static SignedCheckpoint Another(long size, byte key = 1) =>
        SignedCheckpoint.Sign(Checkpoint.Of(ALog.Origin, size, Sha256Hash.OfText("another")), ALog.Key(key));
}
