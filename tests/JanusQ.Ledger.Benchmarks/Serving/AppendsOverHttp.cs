using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Testing.LoneServer;

namespace JanusQ.Ledger.Benchmarks.Serving;

/// <summary>Workers with the typed client. Nothing is sent twice, so that every failure is seen.</summary>
internal sealed class AppendsOverHttp(HttpClient http) : IAppends
{
    private readonly LedgerClient _client = new(http, OneWorker.Key, LedgerRetries.None);

    public async Task<string> StartAsync(WorkersRun run)
    {
        var request = new StartLaneRunRequest
        {
            RunId = run.Start.RunId,
            Target = run.Start.Target.Name(),
            SignalsSha256 = run.Start.SignalsSha256.ToString(),
            StrategyConfigSha256 = run.Start.StrategyConfigSha256.ToString(),
            GatePolicySha256 = run.Start.GatePolicySha256.ToString(),
            CodeVersion = run.Start.CodeVersion,
            EvaluatedAt = run.Start.EvaluatedAt.ToString(),
        };
        return Checked(await _client.StartLaneRunAsync(run.CandidateId, request), 1).EvaluationId!;
    }

    public async Task EmitAsync(WorkersRun run, string evaluation, int artifact) =>
        Checked(await _client.PutArtifactAsync(run.CandidateId, evaluation, Upload(run.Artifacts[artifact])), 1);

    public async Task EmitAllAsync(WorkersRun run, string evaluation) => Checked(
        await _client.PostArtifactsAsync(run.CandidateId, evaluation, [.. run.Artifacts.Select(Upload)]), run.Artifacts.Length);

    public async Task CompleteAsync(WorkersRun run, string evaluation)
    {
        var request = new CompleteLaneRunRequest { ArtifactCount = run.Artifacts.Length, ArtifactSetSha256 = run.SetSha256.ToString() };
        Checked(await _client.CompleteLaneRunAsync(run.CandidateId, evaluation, request), 1);
    }

    private static ArtifactUpload Upload((string Path, byte[] Bytes) artifact) => new(artifact.Path, artifact.Bytes, "application/json");

    private static RecordingResponse Checked(RecordingResponse recording, int expected)
    {
        Appends.Expect((int)recording.Appended, expected);
        return recording;
    }
}
