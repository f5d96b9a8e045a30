using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;

namespace JanusQ.Ledger.Benchmarks.Serving;

/// <summary>Workers in the ledger's own process.</summary>
internal sealed class AppendsInProcess(LedgerHost ledger) : IAppends
{
    private const string MediaType = "application/json";

    public async Task<string> StartAsync(WorkersRun run) => Checked(await ledger.SendAsync(run.Start), 1).EvaluationId!;

    public async Task EmitAsync(WorkersRun run, string evaluation, int artifact) => Checked(
        await ledger.SendAsync(new SubmitArtifact(run.CandidateId, evaluation, Submitted(run.Artifacts[artifact]), run.Start.By)), 1);

    public async Task EmitAllAsync(WorkersRun run, string evaluation) => Checked(
        await ledger.SendAsync(new SubmitArtifacts(run.CandidateId, evaluation, [.. run.Artifacts.Select(Submitted)], run.Start.By)),
        run.Artifacts.Length);

    public async Task CompleteAsync(WorkersRun run, string evaluation) => Checked(
        await ledger.SendAsync(new CompleteLaneRun
        {
            CandidateId = run.CandidateId,
            EvaluationId = evaluation,
            ArtifactCount = run.Artifacts.Length,
            ArtifactSetSha256 = run.SetSha256,
            By = run.Start.By,
        }),
        1);

    private static SubmittedArtifact Submitted((string Path, byte[] Bytes) artifact) =>
        SubmittedArtifact.Of(artifact.Path, new DocumentContent(artifact.Bytes), MediaType);

    private static Recording Checked(Recording recording, int expected)
    {
        Appends.Expect(recording.Appended, expected);
        return recording;
    }
}
