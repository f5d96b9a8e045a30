using System.Security.Cryptography;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>
/// The reward artifact <c>janus-hgrm-reward-v1</c>: for every decision what its event made of it, through hierarchical gates
/// (artifacts.md section 7).
/// </summary>
public sealed class HgrmRewardArtifact : IArtifactFile
{
    /// <summary>The schema's name.</summary>
    public const string SchemaVersion = "janus-hgrm-reward-v1";

    private const string RewardVersion = "janus-hgrm-scaffold-v1";
    private const int ChunkRewards = 512;

    private static readonly string[] Members =
    [
        "reward_id", "event_id", "event_ts", "symbol", "strategy_id", "action", "expected_direction", "event_type", "predicted_event_type",
        "direction_gate", "event_type_gate", "pnl_reward", "magnitude_reward", "process_reward", "final_reward",
    ];

    private static readonly EntryLayout Layout = new(Members);

    private static readonly EntryLayout IdentityLayout = new(Members,
    [
        "event_id", "strategy_id", "symbol", "event_ts", "action", "direction_gate", "event_type_gate", "pnl_reward", "magnitude_reward",
        "process_reward", "final_reward",
    ]);

    private readonly Reward[] _rewards;
    private readonly int _threads;

    private HgrmRewardArtifact(
        EventCarArtifact eventCar, string candidateId, Instant generatedAt, Reward[] rewards, RewardSummary summary,
        Sha256Hash manifestHash, int threads)
    {
        RunId = eventCar.RunId;
        CandidateId = candidateId;
        GeneratedAt = generatedAt;
        _rewards = rewards;
        Summary = summary;
        ManifestHash = manifestHash;
        _threads = threads;
    }

    /// <summary>The run that the artifact belongs to.</summary>
    public string RunId { get; }

    /// <summary>The candidate whose decisions are rewarded.</summary>
    public string CandidateId { get; }

    /// <summary>When it was generated, as the caller says.</summary>
    public Instant GeneratedAt { get; }

    /// <summary>Counts, ratios and means.</summary>
    public RewardSummary Summary { get; }

    /// <summary>Hash of the array of rewards.</summary>
    public Sha256Hash ManifestHash { get; }

    /// <summary>Builds the artifact over the events of the same run; there may be no decisions.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="eventCar">The events.</param>
    /// <param name="decisions">The decisions, in any order.</param>
    /// <param name="generatedAt">When; never read from a clock.</param>
    /// <param name="threads">Threads to use; as many as there are processors if null. The artifact does not depend on it.</param>
    /// <param name="file">Is handed the bytes of the file while the artifact is built, as <see cref="WriteTo"/> would after it.</param>
    /// <exception cref="RefusedException"><c>arithmetic_out_of_range</c>.</exception>
    public static HgrmRewardArtifact Build(
        string candidateId,
        EventCarArtifact eventCar,
        IReadOnlyList<RewardedDecision> decisions,
        Instant generatedAt,
        int? threads = null,
        ByteSink? file = null)
    {
        ArgumentNullException.ThrowIfNull(eventCar);
        ArgumentNullException.ThrowIfNull(decisions);
        try
        {
            return Build(candidateId, eventCar, decisions, generatedAt, threads ?? Environment.ProcessorCount, file);
        }
        catch (DecimalRangeException outOfRange)
        {
            throw new RefusedException(
                new Refusal("arithmetic_out_of_range", $"The rewards of the decisions cannot be computed. {outOfRange.Message}"));
        }
    }

    private static HgrmRewardArtifact Build(
        string candidateId, EventCarArtifact eventCar, IReadOnlyList<RewardedDecision> decisions, Instant generatedAt, int threads,
        ByteSink? file)
    {
        var sorted = decisions
            .OrderBy(decision => decision.EventTime)
            .ThenBy(decision => decision.Symbol.Value, CodePoints.Order)
            .ThenBy(decision => decision.StrategyId.Value, CodePoints.Order)
            .ToArray();
        var rewards = new Reward[sorted.Length];
        var tally = new RewardTally();
        using var manifest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (file is not null) ArtifactFile.Begin(file, Before(eventCar.RunId, candidateId, generatedAt), "rewards", sorted.Length == 0);
        manifest.AppendData("["u8);
        OrderedChunks.Run(
            (sorted.Length + ChunkRewards - 1) / ChunkRewards,
            threads,
            () => new Chunk(),
            (index, chunk) =>
            {
                chunk.Start = index * ChunkRewards;
                chunk.End = Math.Min(sorted.Length, chunk.Start + ChunkRewards);
                chunk.Text.Clear();
                chunk.File.Clear();
                for (var i = chunk.Start; i < chunk.End; i++)
                {
                    var reward = Reward.Of(sorted[i], eventCar);
                    Spell(reward, chunk.Values, default);
                    chunk.Identity.Clear();
                    IdentityLayout.AppendCanonical(chunk.Identity, chunk.Values);
                    reward = rewards[i] = reward with { RewardId = EntryId.Of(Sha256Hash.Of(chunk.Identity.Written)) };
                    if (i > 0) chunk.Text.Append((byte)',');
                    Spell(reward, chunk.Values, reward.RewardId);
                    Layout.AppendCanonical(chunk.Text, chunk.Values);
                    if (file is null) continue;
                    FileJson.AppendBreak(chunk.File, 2, i > 0);
                    Layout.AppendFile(chunk.File, chunk.Values);
                }
            },
            chunk =>
            {
                manifest.AppendData(chunk.Text.Written);
                file?.Invoke(chunk.File.Written);
                for (var i = chunk.Start; i < chunk.End; i++) tally.Add(rewards[i]);
            });
        manifest.AppendData("]"u8);
        var artifact = new HgrmRewardArtifact(
            eventCar, candidateId, generatedAt, rewards, tally.ToSummary(), Sha256Hash.Of(manifest), threads);
        if (file is not null) ArtifactFile.End(file, artifact.After(), sorted.Length == 0);
        return artifact;
    }

    /// <inheritdoc />
    public void WriteTo(ByteSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArtifactFile.Write(sink, Before(RunId, CandidateId, GeneratedAt), "rewards", WriteRewards, _rewards.Length == 0, After());
    }

    private static JsonObject Before(string runId, string candidateId, Instant generatedAt) => JsonObject.Of(
        ("schema_version", SchemaVersion),
        ("run_id", runId),
        ("candidate_id", candidateId),
        ("generated_at", generatedAt.ToString()),
        ("reward_version", RewardVersion));

    private JsonObject After() => JsonObject.Of(("summary", Summary.ToJson()), ("manifest_hash", ManifestHash));

    private void WriteRewards(ByteSink sink) => OrderedChunks.Run(
        (_rewards.Length + ChunkRewards - 1) / ChunkRewards,
        _threads,
        () => new Chunk(),
        (index, chunk) =>
        {
            chunk.Text.Clear();
            for (var i = index * ChunkRewards; i < Math.Min(_rewards.Length, (index + 1) * ChunkRewards); i++)
            {
                FileJson.AppendBreak(chunk.Text, 2, i > 0);
                Spell(_rewards[i], chunk.Values, _rewards[i].RewardId);
                Layout.AppendFile(chunk.Text, chunk.Values);
            }
        },
        chunk => sink(chunk.Text.Written));

    private static void Spell(in Reward reward, EntryValues values, EntryId rewardId)
    {
        values.Clear();
        values.Add(rewardId);
        if (reward.IsMapped) values.Add(reward.EventId);
        else values.AddToken("\"unmapped\""u8);
        values.Add(reward.Decision.EventTime);
        values.Add(reward.Decision.Symbol);
        values.Add(reward.Decision.StrategyId);
        values.AddToken(reward.Decision.IsBuy ? "\"buy\""u8 : "\"sell\""u8);
        values.Add(reward.ExpectedDirection.Name());
        values.Add(reward.EventType);
        if (reward.Decision.PredictedEventType is { } predicted) values.Add(predicted);
        else values.AddToken("null"u8);
        values.Add(reward.DirectionGate);
        values.Add(reward.EventTypeGate);
        values.Add(reward.PnlReward);
        values.Add(reward.MagnitudeReward);
        values.Add(reward.ProcessReward);
        values.Add(reward.FinalReward);
    }

    private sealed class Chunk
    {
        public readonly EntryValues Values = new(Members.Length);
        public readonly ByteBuffer Identity = new(512);
        public readonly ByteBuffer Text = new(ChunkRewards * 600);
        public readonly ByteBuffer File = new();
        public int Start;
        public int End;
    }
}
