using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Benchmarks.Serving;

/// <summary>What one worker records: a run of fifteen artifacts that nobody stored before.</summary>
/// <param name="Start">What begins it.</param>
/// <param name="Artifacts">Paths and bytes.</param>
/// <param name="SetSha256">The artifact-set hash.</param>
internal sealed record WorkersRun(StartLaneRun Start, ImmutableArray<(string Path, byte[] Bytes)> Artifacts, Sha256Hash SetSha256)
{
    /// <summary>The name of the worker; the server's only key is in this name.</summary>
    public const string Worker = "lone-worker";

    // Making text takes longer than sending it: the bytes of every run are one of these with an id of their own in it.
    private static readonly byte[][][] Patterns = [.. Enumerable.Range(0, 32).Select(seed => LaneSizedRun.ArtifactBytes
        .Select((bytes, artifact) => LaneSizedRun.Artifact((seed * 31) + artifact, bytes)).ToArray())];

    private static readonly int IdAt = Encoding.UTF8.GetString(Patterns[0][0]).IndexOf("_id\": \"", StringComparison.Ordinal) + 7;

    /// <summary>The id of the candidate.</summary>
    public string CandidateId => Start.CandidateId;

    /// <summary>Events that it is, with its beginning and its end.</summary>
    public int Events => Artifacts.Length + 2;

    /// <summary>The run of a number.</summary>
    public static WorkersRun Of(int number)
    {
        var pattern = Patterns[number % Patterns.Length];
        var artifacts = pattern.Select((bytes, artifact) => (LaneSizedRun.PathOf(artifact), WithId(bytes, number))).ToImmutableArray();
        var set = ArtifactSet.Of(artifacts.Select(one =>
            new Artifact(one.Item1, Sha256Hash.Of(one.Item2), one.Item2.Length, "application/json")));
        return new WorkersRun(LaneSizedRun.Start(number, Worker), artifacts, set.Hash());
    }

    private static byte[] WithId(byte[] pattern, int number)
    {
        var bytes = pattern.ToArray();
        Encoding.ASCII.GetBytes(number.ToString("x16", CultureInfo.InvariantCulture)).CopyTo(bytes, IdAt);
        return bytes;
    }
}
