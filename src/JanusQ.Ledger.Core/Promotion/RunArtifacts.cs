using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>The artifacts of one run: documents at paths below the artifact root. Where they are kept is the caller's business.</summary>
public interface IRunArtifacts
{
    /// <summary>Whether the run has a document at that path, whatever it holds.</summary>
    bool Contains(string path);

    /// <summary>The bytes of the document at that path, or null if there is none.</summary>
    byte[]? Find(string path);
}

/// <summary>
/// Artifacts of a run that is under way. Its Janus artifacts are there as they were built: what they state was computed from their items a
/// moment ago, so computing it again from the file could only agree.
/// </summary>
internal interface IArtifactsUnderWay : IRunArtifacts
{
    /// <summary>The event/CAR artifact that this run built for that path, or null if it built none.</summary>
    EventCarArtifact? BuiltEventCar(string path);

    /// <summary>The reward artifact that this run built for that path, from its own event/CAR artifact, or null if it built none.</summary>
    HgrmRewardArtifact? BuiltReward(string path);
}

/// <summary>Artifacts that keep what they were read as, so that a large one is read once for all that look at it.</summary>
internal interface IParsedArtifacts : IRunArtifacts
{
    /// <summary>The artifact if it is there, acceptable and an object; otherwise null.</summary>
    JsonObject? Parsed(string path);
}

/// <summary>Artifacts that are held in memory.</summary>
public sealed class RunArtifacts(IReadOnlyDictionary<string, byte[]> documents) : IRunArtifacts
{
    /// <summary>A run without artifacts.</summary>
    public static RunArtifacts None { get; } = new(new Dictionary<string, byte[]>());

    /// <inheritdoc />
    public bool Contains(string path) => documents.ContainsKey(path);

    /// <inheritdoc />
    public byte[]? Find(string path) => documents.GetValueOrDefault(path);
}

/// <summary>Artifacts of which some are left out: to show what would happen without them.</summary>
internal sealed class RunArtifactsWithout(IRunArtifacts artifacts, string leftOut) : IRunArtifacts
{
    public bool Contains(string path) => path != leftOut && artifacts.Contains(path);

    public byte[]? Find(string path) => path == leftOut ? null : artifacts.Find(path);
}

/// <summary>Reads artifacts as the prerequisites want them (gates-and-policy.md section 6).</summary>
internal static class ReadableArtifacts
{
    /// <summary>The artifact if it is there, acceptable and an object; otherwise null.</summary>
    public static JsonObject? FindObject(this IRunArtifacts artifacts, string path) =>
        artifacts is IParsedArtifacts parsed ? parsed.Parsed(path) : ReadObject(artifacts.Find(path));

    /// <summary>The object that bytes spell; null where there are none, or they spell something else.</summary>
    public static JsonObject? ReadObject(byte[]? bytes) =>
        bytes is not null && JsonValue.TryRead(bytes, out var value, out _) ? value as JsonObject : null;
}
