using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>
/// The artifacts that the prerequisites may see: the input documents under their refs and what this run has made so far,
/// nothing else (C22).
/// </summary>
internal sealed class LaneArtifacts : IArtifactsUnderWay
{
    private readonly Dictionary<string, Func<byte[]?>> _documents = new(StringComparer.Ordinal);

    private readonly EventCarArtifact _eventCar;
    private readonly HgrmRewardArtifact _reward;

    public LaneArtifacts(LaneInputs inputs, EventCarArtifact eventCar, HgrmRewardArtifact reward)
    {
        _eventCar = eventCar;
        _reward = reward;
        foreach (var document in inputs.Given) _documents[document.Ref] = () => document.Bytes;
    }

    /// <summary>Adds a file of this run; it hides an input document of the same path.</summary>
    public void Add(SealedFile file) => _documents[file.Path] = file.ToBytes;

    /// <summary>Adds a file that is known to exist and whose content is not read yet.</summary>
    public void AddUnread(string path) => _documents[path] = () => null;

    /// <inheritdoc />
    public bool Contains(string path) => _documents.ContainsKey(path);

    /// <inheritdoc />
    public byte[]? Find(string path) => _documents.TryGetValue(path, out var read) ? read() : null;

    /// <inheritdoc />
    public EventCarArtifact? BuiltEventCar(string path) => path == LanePaths.EventCar ? _eventCar : null;

    /// <inheritdoc />
    public HgrmRewardArtifact? BuiltReward(string path) => path == LanePaths.Reward ? _reward : null;
}
