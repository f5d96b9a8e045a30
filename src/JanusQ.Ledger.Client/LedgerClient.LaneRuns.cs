using System.Security.Cryptography;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <content>What workers do.</content>
public sealed partial class LedgerClient
{
    /// <summary>
    /// Stores a document under its hash, before a run is started that names it: signals, strategy configuration, gate policy.
    /// </summary>
    public Task<ContentResponse> PutContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        _transport.SendAsync(
            HttpMethod.Put,
            $"v1/contents/{Convert.ToHexStringLower(SHA256.HashData(content.Span))}",
            () => Uploads.Bytes(content, null),
            null,
            Read<ContentResponse>,
            Json,
            cancellation);

    /// <summary>Begins an evaluation of a lane run; the answer names it.</summary>
    public Task<RecordingResponse> StartLaneRunAsync(
        string candidateId, StartLaneRunRequest request, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/evaluations", request, null, cancellation);

    /// <summary>Stores and records a document of an evaluation.</summary>
    public Task<RecordingResponse> PutArtifactAsync(
        string candidateId, string evaluationId, ArtifactUpload artifact, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var path = string.Join('/', artifact.Path.Split('/').Select(Escaped));
        return _transport.SendAsync(
            HttpMethod.Put,
            $"{Evaluation(candidateId, evaluationId)}/artifacts/{path}",
            () => Uploads.Bytes(artifact.Content, artifact.MediaType),
            null,
            Read<RecordingResponse>,
            Json,
            cancellation);
    }

    /// <summary>Stores and records many small documents of an evaluation in one request, all or nothing.</summary>
    public Task<RecordingResponse> PostArtifactsAsync(
        string candidateId, string evaluationId, IReadOnlyCollection<ArtifactUpload> artifacts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(artifacts);
        return _transport.SendAsync(
            HttpMethod.Post,
            $"{Evaluation(candidateId, evaluationId)}/artifacts",
            () => Uploads.Parts(artifacts),
            null,
            Read<RecordingResponse>,
            Json,
            cancellation);
    }

    /// <summary>Says that all artifacts of an evaluation are there.</summary>
    public Task<RecordingResponse> CompleteLaneRunAsync(
        string candidateId, string evaluationId, CompleteLaneRunRequest request, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Evaluation(candidateId, evaluationId)}/complete", request, null, cancellation);

    /// <summary>Says that a lane run ended without a result.</summary>
    public Task<RecordingResponse> FailLaneRunAsync(
        string candidateId, FailLaneRunRequest request, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/failures", request, null, cancellation);

    /// <summary>Records a window without signals.</summary>
    public Task<RecordingResponse> SkipLaneRunAsync(
        string candidateId, SkipLaneRunRequest request, CancellationToken cancellation = default) =>
        PostAsync<RecordingResponse>($"{Candidate(candidateId)}/skips", request, null, cancellation);

    /// <summary>Records a finished run from a zip archive of its files and decides.</summary>
    public Task<LaneIngestResponse> IngestLaneAsync(ReadOnlyMemory<byte> zip, CancellationToken cancellation = default) =>
        _transport.SendAsync(
            HttpMethod.Post, "v1/lanes", () => Uploads.Bytes(zip, "application/zip"), null, Read<LaneIngestResponse>, Json, cancellation);

    /// <summary>Asks whether a candidate may be promoted. A denial is an answer, no exception.</summary>
    public Task<PromotionResponse> RequestPromotionAsync(
        string candidateId, RequestPromotionRequest request, CancellationToken cancellation = default) =>
        PostAsync<PromotionResponse>($"{Candidate(candidateId)}/promotions", request, null, cancellation);
}
