using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// The part of check (a) of audit.md section 4 that is about witnesses (section 3, "Outside keepers"): every cosignature that is kept is
/// good for the checkpoint it stands under, and those of the checkpoint that is relied on are enough for a policy.
/// </summary>
internal sealed class CosignatureCheck(AuditFindings findings)
{
    private const string Schema = LedgerStore.Schema;

    /// <summary>Number of cosignatures that are good for their checkpoints.</summary>
    public long Cosignatures { get; private set; }

    /// <summary>Verifies what is kept of the checkpoints from a size on.</summary>
    /// <param name="connection">A connection that is used for nothing else meanwhile.</param>
    /// <param name="from">The size.</param>
    /// <param name="relied">The checkpoint that is relied on, or none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The checkpoint that is relied on with the cosignatures of it that are good, and no others.</returns>
    public async Task<SignedCheckpoint?> RunAsync(
        NpgsqlConnection connection, long from, SignedCheckpoint? relied, CancellationToken cancellation)
    {
        var good = new List<Cosignature>();
        await using var rows = await CopyRows.OpenAsync(
            connection,
            $"""
            select s.tree_size, s.witness, extract(epoch from s.cosigned_at)::bigint, s.signature, c.note
            from {Schema}.log_cosignature s left join {Schema}.log_checkpoint c on c.tree_size = s.tree_size
            where s.tree_size >= {from} order by s.tree_size, s.witness, s.cosigned_at
            """,
            5,
            cancellation);
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (Verify(rows) is not { } cosignature) continue;
            Cosignatures++;
            if (rows.Int64(0) == relied?.Checkpoint.Size) good.Add(cosignature);
        }

        return relied?.With(good);
    }

    /// <summary>Whether the checkpoint that is relied on is cosigned as a policy asks.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="keys">Keys of the log.</param>
    /// <param name="relied">The checkpoint with the cosignatures of it that are good; none where the log has signed nothing good.</param>
    /// <returns>Who cosigned it, where that is enough; else none, and a finding says why.</returns>
    public PolicySatisfaction? Satisfy(WitnessPolicy policy, IEnumerable<VerifierKey> keys, SignedCheckpoint? relied)
    {
        var refusal = "there is none";
        if (relied is not null)
        {
            if (policy.TryVerify(relied, out var satisfaction, out var refused, keys)) return satisfaction;
            refusal = $"{refused.Code}: {refused.Explanation}";
        }

        findings.Add(new AuditFinding(
            AuditCheck.Log, AuditCodes.CheckpointPolicyUnsatisfied, "a checkpoint that is cosigned as the policy asks", refusal)
        {
            Subject = relied is null ? null : Name(relied.Checkpoint.Size),
        });
        return null;
    }

    private Cosignature? Verify(CopyRows rows)
    {
        var (size, text) = (rows.Int64(0), rows.Text(1));
        if (!VerifierKey.TryParse(text, out var witness, out var refusal))
            return Report(size, text, AuditCodes.CosignatureAltered, "a witness's verifier key", refusal.Explanation);
        if (!NoteSignature.TryParse(rows.Text(3), out var signature, out refusal))
            return Report(size, witness.Hint, AuditCodes.CosignatureAltered, "a signature line", refusal.Explanation);
        if (!signature.IsOf(witness))
        {
            return Report(
                size, witness.Hint, AuditCodes.CosignatureAltered, "a signature of the witness of its row", $"one of {signature.KeyName}");
        }

        if (rows.IsNull(4) || !SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(rows.Text(4)), out var signed, out _))
        {
            var found = rows.IsNull(4) ? "none" : "none that can be read";
            return Report(size, witness.Hint, AuditCodes.CosignatureInvalid, "the checkpoint that it was made of", found);
        }

        if (!Cosignature.TryRead(new VerifiedSignature(witness, signature), out var cosignature))
        {
            var found = string.Create(CultureInfo.InvariantCulture, $"one of a key of type 0x{(byte)witness.Type:x2}, which never counts");
            return Report(size, witness.Hint, AuditCodes.CosignatureInvalid, "a cosignature that can be verified", found);
        }

        if (!witness.Verify(Encoding.UTF8.GetBytes(signed.Note.Text), signature.Signature()))
        {
            return Report(
                size, witness.Hint, AuditCodes.CosignatureInvalid, "a good cosignature of this checkpoint", "one that is not good for it");
        }

        if (cosignature.Time == rows.Int64(2)) return cosignature;
        return Report(
            size,
            witness.Hint,
            AuditCodes.CosignatureAltered,
            $"the time {cosignature.Time} of the signature",
            $"{rows.Int64(2)} in its row");
    }

    private Cosignature? Report(long size, string witness, string code, string expected, string found)
    {
        findings.Add(new AuditFinding(AuditCheck.Log, code, expected, found) { Subject = $"cosignature of {witness} under {Name(size)}" });
        return null;
    }

    private static string Name(long size) => string.Create(CultureInfo.InvariantCulture, $"checkpoint {size}");
}
