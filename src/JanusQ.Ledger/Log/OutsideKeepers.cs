using System.Collections.Immutable;
using System.Net.Http.Headers;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using Npgsql;

namespace JanusQ.Ledger.Log;

/// <summary>What came of handing a checkpoint to a folder or an address.</summary>
/// <param name="To">The folder or the address.</param>
/// <param name="Files">How many files were written; 0 for an address.</param>
/// <param name="Refusal">Why it was not handed over; none where it was.</param>
public sealed record Publication(string To, int Files, Refusal? Refusal);

/// <summary>What came of asking a witness.</summary>
/// <param name="Witness">The witness.</param>
/// <param name="Cosignatures">What it cosigned, verified and kept.</param>
/// <param name="Refusal">Why it did not; none where it did.</param>
public sealed record WitnessAnswer(PolicyWitness Witness, ImmutableArray<Cosignature> Cosignatures, Refusal? Refusal);

/// <summary>What came of asking the witnesses of a policy.</summary>
/// <param name="Checkpoint">The checkpoint with every cosignature that is kept of it.</param>
/// <param name="Answers">What each witness with an address answered.</param>
/// <param name="Refusal">Why the checkpoint does not satisfy the policy; none where it does.</param>
public sealed record Witnessing(SignedCheckpoint Checkpoint, ImmutableArray<WitnessAnswer> Answers, Refusal? Refusal);

/// <summary>
/// Hands checkpoints to those outside who keep them (audit.md section 3, "Outside keepers"): folders, addresses, witnesses. What the log's
/// owner could rewrite, they make visible.
/// </summary>
/// <param name="database">Where the log is.</param>
/// <param name="keys">Keys of the log.</param>
/// <param name="http">Reaches addresses and witnesses; its timeout is how long each may take.</param>
public sealed class OutsideKeepers(NpgsqlDataSource database, IReadOnlyCollection<VerifierKey> keys, HttpClient http)
{
    private const string NoteType = "text/plain";

    /// <summary>Whether a text names an address rather than a folder.</summary>
    public static bool IsAddress(string to) =>
        Uri.TryCreate(to, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    /// <summary>Hands the last checkpoint to a folder, with its tiles, or to an address by POST.</summary>
    /// <param name="checkpoint">The checkpoint, with its cosignatures.</param>
    /// <param name="to">The folder, or the address.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>
    /// Refused with <c>publish_refused</c> where the address does not answer with success, <c>publish_failed</c> where it or the folder
    /// cannot be reached.
    /// </returns>
    /// <exception cref="LogStoppedException">The folder holds a checkpoint that this one does not continue.</exception>
    public async Task<Publication> PublishAsync(SignedCheckpoint checkpoint, string to, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        try
        {
            if (IsAddress(to)) return await PostAsync(checkpoint, to, cancellation);
            await using var connection = await database.OpenConnectionAsync(cancellation);
            return new Publication(to, await new CheckpointFolder(to, keys).PublishAsync(connection, checkpoint, cancellation), null);
        }
        catch (Exception failure) when (IsOutside(failure, cancellation))
        {
            return new Publication(to, 0, new Refusal("publish_failed", $"{to}: {failure.Message}"));
        }
    }

    /// <summary>
    /// Asks every witness of a policy that has an address to cosign a checkpoint, keeps what they made, and says whether it is enough.
    /// </summary>
    /// <exception cref="LogStoppedException">
    /// <c>log_tail_missing</c>: a witness has cosigned a larger tree than the log has.
    /// </exception>
    public async Task<Witnessing> WitnessAsync(SignedCheckpoint checkpoint, WitnessPolicy policy, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(policy);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var checkpoints = new StoredCheckpoints(connection);
        var answers = ImmutableArray.CreateBuilder<WitnessAnswer>();
        foreach (var witness in policy.Witnesses)
        {
            if (witness.Url is null) continue;
            var answer = await AskAsync(connection, checkpoint, witness, cancellation);
            await checkpoints.InsertAsync(checkpoint.Checkpoint.Size, answer.Cosignatures, cancellation);
            answers.Add(answer);
        }

        var cosigned = checkpoint.With(await checkpoints.CosignaturesAsync(checkpoint.Checkpoint.Size, cancellation));
        policy.TryVerify(cosigned, out _, out var refusal, keys);
        return new Witnessing(cosigned, answers.ToImmutable(), refusal);
    }

    private async Task<WitnessAnswer> AskAsync(
        NpgsqlConnection connection, SignedCheckpoint checkpoint, PolicyWitness witness, CancellationToken cancellation)
    {
        var cosignedBefore = await new StoredCheckpoints(connection).LargestCosignedAsync(witness.Key, cancellation);
        var old = Math.Min(cosignedBefore, checkpoint.Checkpoint.Size);

        // A witness says which size it knows when it is another; if that changes again meanwhile, somebody else asks it in this log's name.
        const int Attempts = 3;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            AddCheckpointAnswer answer;
            try
            {
                answer = await PostAsync(connection, checkpoint, witness, old, cancellation);
            }
            catch (Exception failure) when (IsOutside(failure, cancellation))
            {
                return new WitnessAnswer(witness, [], new Refusal("witness_unreachable", $"{witness.Name}: {failure.Message}"));
            }

            switch (answer)
            {
                case AddCheckpointAnswer.Conflict conflict when conflict.Size > checkpoint.Checkpoint.Size:
                    throw LogRefusals.Stop(
                        LogRefusals.TailMissing,
                        $"The witness {witness.Name} has cosigned a tree of {conflict.Size} leaves, "
                            + $"the log has {checkpoint.Checkpoint.Size}.");
                case AddCheckpointAnswer.Conflict conflict:
                    old = conflict.Size;
                    continue;
                case AddCheckpointAnswer.Cosigned cosigned:
                    return cosigned.TryAccept(checkpoint, [witness.Key], out var accepted, out var refusal)
                        && accepted.TryVerifyCosignatures([witness.Key], out var cosignatures, out refusal)
                            ? new WitnessAnswer(witness, cosignatures, null)
                            : new WitnessAnswer(witness, [], refusal);
                case AddCheckpointAnswer.Refused refused:
                    return new WitnessAnswer(witness, [], refused.Refusal);
            }
        }

        return new WitnessAnswer(
            witness, [], new Refusal("witness_conflict", $"{witness.Name} knows another size each time it is asked."));
    }

    private async Task<AddCheckpointAnswer> PostAsync(
        NpgsqlConnection connection, SignedCheckpoint checkpoint, PolicyWitness witness, long old, CancellationToken cancellation)
    {
        var size = checkpoint.Checkpoint.Size;
        ImmutableArray<Sha256Hash> proof =
            old == 0 || old == size ? [] : (await LogReader.ConsistencyAsync(connection, old, size, cancellation)).Hashes;
        using var content = new ByteArrayContent(AddCheckpointRequest.Of(old, proof, checkpoint).ToBytes());
        content.Headers.ContentType = new MediaTypeHeaderValue(NoteType);
        using var response = await http.PostAsync(new Uri($"{witness.Url!.TrimEnd('/')}/add-checkpoint"), content, cancellation);
        return AddCheckpointAnswer.Read(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            await ReadAsync(response.Content, cancellation));
    }

    private async Task<Publication> PostAsync(SignedCheckpoint checkpoint, string to, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(checkpoint.ToBytes());
        content.Headers.ContentType = new MediaTypeHeaderValue(NoteType) { CharSet = "utf-8" };
        using var response = await http.PostAsync(new Uri(to), content, cancellation);
        var refusal = response.IsSuccessStatusCode
            ? null
            : new Refusal("publish_refused", $"{to} answered with status {(int)response.StatusCode}.");
        return new Publication(to, 0, refusal);
    }

    /// <summary>The body; of one that is too long as much as shows that it is.</summary>
    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var body = await content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[SignedNote.MostBytes + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return bytes[..length];
    }

    private static bool IsOutside(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or IOException or UnauthorizedAccessException or UriFormatException
        || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);
}
