using System.Collections.Immutable;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Log;

/// <summary>A checkpoint that the log has signed.</summary>
/// <param name="Signed">The checkpoint with the log's signature.</param>
/// <param name="IssuedAt">When it was signed.</param>
public sealed record LogCheckpoint(SignedCheckpoint Signed, DateTimeOffset IssuedAt)
{
    /// <summary>Number of leaves that it speaks for.</summary>
    public long Size => Signed.Checkpoint.Size;

    /// <summary>Root of the tree of that size.</summary>
    public Sha256Hash Root => Signed.Checkpoint.Root;
}

/// <summary>The tables of checkpoints and cosignatures.</summary>
/// <param name="connection">The connection to use.</param>
internal sealed class StoredCheckpoints(NpgsqlConnection connection)
{
    private const string Select = $"select tree_size, root, note, key_id, issued_at from {LedgerStore.Schema}.log_checkpoint ";

    /// <summary>The checkpoint that was signed last, or none.</summary>
    /// <exception cref="LogStoppedException"><c>log_checkpoint_altered</c></exception>
    public async Task<LogCheckpoint?> LatestAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select + "order by tree_size desc limit 1", connection);
        return await ReadAsync(command, cancellation);
    }

    /// <summary>The last checkpoint that was signed by an instant, or none.</summary>
    /// <exception cref="LogStoppedException"><c>log_checkpoint_altered</c></exception>
    public async Task<LogCheckpoint?> LatestAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select + "where issued_at <= $1 order by tree_size desc limit 1", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = until.ToUniversalTime() });
        return await ReadAsync(command, cancellation);
    }

    /// <summary>The checkpoint of a size, or none.</summary>
    /// <exception cref="LogStoppedException"><c>log_checkpoint_altered</c></exception>
    public async Task<LogCheckpoint?> OfSizeAsync(long size, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select + "where tree_size = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size });
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Keeps a checkpoint for good. Nothing is handed out before.</summary>
    public async Task InsertAsync(SignedCheckpoint signed, uint keyId, DateTimeOffset issuedAt, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {LedgerStore.Schema}.log_checkpoint (tree_size, root, note, key_id, issued_at) values ($1, $2, $3, $4, $5)",
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = signed.Checkpoint.Size });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = signed.Checkpoint.Root.Bytes.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = signed.ToString() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = keyId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = issuedAt.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The cosignatures that are kept of a checkpoint, in the order of the witnesses' keys and of their times.</summary>
    /// <exception cref="LogStoppedException"><c>log_checkpoint_altered</c></exception>
    public async Task<ImmutableArray<Cosignature>> CosignaturesAsync(long size, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select witness, cosigned_at, signature from {LedgerStore.Schema}.log_cosignature
            where tree_size = $1 order by witness, cosigned_at
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var cosignatures = ImmutableArray.CreateBuilder<Cosignature>();
        while (await reader.ReadAsync(cancellation))
        {
            if (!VerifierKey.TryParse(reader.GetString(0), out var witness, out var refusal)
                || !NoteSignature.TryParse(reader.GetString(2), out var signature, out refusal))
            {
                throw LogRefusals.Stop(
                    LogRefusals.CheckpointAltered, $"A cosignature of the checkpoint of size {size} cannot be read: {refusal.Explanation}");
            }

            cosignatures.Add(new Cosignature(
                witness, reader.GetFieldValue<DateTimeOffset>(1).ToUnixTimeSeconds(), signature));
        }

        return cosignatures.ToImmutable();
    }

    /// <summary>The largest size that a witness has cosigned, as far as it is kept here; 0 if none.</summary>
    public async Task<long> LargestCosignedAsync(VerifierKey witness, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce(max(tree_size), 0) from {LedgerStore.Schema}.log_cosignature where witness = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = witness.ToString() });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Keeps cosignatures; what is kept already stays as it is.</summary>
    public async Task InsertAsync(long size, IEnumerable<Cosignature> cosignatures, CancellationToken cancellation)
    {
        foreach (var cosignature in cosignatures)
        {
            await using var command = new NpgsqlCommand(
                $"""
                insert into {LedgerStore.Schema}.log_cosignature (tree_size, witness, cosigned_at, signature)
                values ($1, $2, $3, $4) on conflict do nothing
                """, connection);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = cosignature.Witness.ToString() });
            command.Parameters.Add(
                new NpgsqlParameter<DateTimeOffset> { TypedValue = DateTimeOffset.FromUnixTimeSeconds(cosignature.Time) });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = cosignature.Signature.ToString() });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static async Task<LogCheckpoint?> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var size = reader.GetInt64(0);
        if (!SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(reader.GetString(2)), out var signed, out var refusal))
        {
            throw LogRefusals.Stop(
                LogRefusals.CheckpointAltered, $"The checkpoint of size {size} cannot be read: {refusal.Explanation}");
        }

        var root = reader.GetFieldValue<byte[]>(1);
        if (signed.Checkpoint.Size != size || !signed.Checkpoint.Root.Bytes.SequenceEqual(root)
            || !signed.Note.Signatures.Any(signature => signature.KeyId == reader.GetInt64(3)))
        {
            throw LogRefusals.Stop(
                LogRefusals.CheckpointAltered,
                $"The checkpoint of size {size} says size {signed.Checkpoint.Size} and root {signed.Checkpoint.Root}, or another key: "
                    + "not what its row says.");
        }

        return new LogCheckpoint(signed, reader.GetFieldValue<DateTimeOffset>(4));
    }
}
