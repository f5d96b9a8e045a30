using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// Check (d) of audit.md section 4: manifest, counts, gates, rewards and ids of every Janus artifact follow from its records.
/// </summary>
internal sealed class ArtifactCheck(ContentStore contents, AuditFindings findings, Action<long> progress)
{
    private static readonly string Select =
        $"""
        select id, seq_id, stream_id, version, data ->> 'evaluation_id', data ->> 'path', data ->> 'sha256', data ->> 'schema_version',
            data ->> 'manifest_hash'
        from {LedgerStore.Schema}.mt_events
        where type = 'artifact_emitted' and seq_id > $1
            and data ->> 'schema_version' in ('{EventCarArtifact.SchemaVersion}', '{HgrmRewardArtifact.SchemaVersion}')
        order by stream_id, data ->> 'evaluation_id', version
        """;

    /// <summary>Number of artifacts.</summary>
    public long Artifacts { get; private set; }

    /// <summary>Checks those of the events behind a sequence.</summary>
    public async Task RunAsync(NpgsqlConnection connection, long after, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ofEvaluation = new List<Emitted>();
        while (await reader.ReadAsync(cancellation))
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            var emitted = new Emitted(
                new EventPlace(reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3)),
                Text(4), Text(5), Text(6), Text(7)!, Text(8));
            if (ofEvaluation.Count > 0 && !ofEvaluation[0].IsOfTheSame(emitted))
            {
                await CheckAsync(ofEvaluation, cancellation);
                ofEvaluation.Clear();
            }

            ofEvaluation.Add(emitted);
        }

        await CheckAsync(ofEvaluation, cancellation);
    }

    private async Task CheckAsync(List<Emitted> emitted, CancellationToken cancellation)
    {
        JsonValue? eventCar = null;
        foreach (var artifact in emitted.OrderBy(artifact => artifact.IsReward))
        {
            progress(++Artifacts);
            if (await ReadAsync(artifact, cancellation) is not { } value) continue;
            var wrong = artifact.IsReward ? ArtifactVerification.VerifyReward(value, eventCar) : ArtifactVerification.VerifyEventCar(value);
            if (!artifact.IsReward) eventCar = value;
            if (ArtifactVerification.VerifyDeclaredManifest(value, artifact.ManifestHash) is { } other) wrong = [.. wrong, other];
            foreach (var found in wrong)
                Add(artifact, AuditCodes.ArtifactMismatch, $"{artifact.Path} {found.Place}", found.Expected, found.Found);
        }
    }

    private async Task<JsonValue?> ReadAsync(Emitted artifact, CancellationToken cancellation)
    {
        if (!Sha256Hash.TryParse(artifact.Sha256, out var sha256))
        {
            Add(artifact, AuditCodes.ArtifactUnreadable, artifact.Path, "the hash of a document", artifact.Sha256 ?? "none");
            return null;
        }

        try
        {
            var bytes = await contents.ReadAsync(sha256, cancellation);

            // That it is not stored, or other bytes, is what check (c) says.
            if (bytes is null) return null;
            if (JsonValue.TryRead(bytes, out var value, out var rejection)) return value;
            Add(artifact, AuditCodes.ArtifactUnreadable, artifact.Path, "a JSON document", rejection.Message);
        }
        catch (IntegrityException)
        {
        }

        return null;
    }

    private void Add(Emitted artifact, string code, string? subject, string expected, string found) =>
        findings.Add(new AuditFinding(AuditCheck.Artifacts, code, expected, found) { At = artifact.At, Subject = subject });

    private sealed record Emitted(
        EventPlace At, string? EvaluationId, string? Path, string? Sha256, string SchemaVersion, string? ManifestHash)
    {
        public bool IsReward => string.Equals(SchemaVersion, HgrmRewardArtifact.SchemaVersion, StringComparison.Ordinal);

        public bool IsOfTheSame(Emitted other) => string.Equals(At.Stream, other.At.Stream, StringComparison.Ordinal)
            && string.Equals(EvaluationId, other.EvaluationId, StringComparison.Ordinal);
    }
}
