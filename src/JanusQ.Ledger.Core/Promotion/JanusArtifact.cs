using System.Security.Cryptography;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>
/// What a Janus artifact says of itself, and what its items say (gates-and-policy.md 6.8, artifacts.md section 9). Nothing is believed: counts,
/// means and hash are computed again from the items (D7).
/// </summary>
internal sealed class JanusArtifact
{
    private static readonly string[] EventFields =
        ["event_count", "positive_direction_count", "negative_direction_count", "neutral_direction_count", "strong_event_count", "mean_abs_car"];

    private JanusArtifact(JsonNode root, string itemsName, Tally tally)
    {
        SchemaVersion = TextOf(root["schema_version"u8]);
        RunId = TextOf(root["run_id"u8]);
        CandidateId = TextOf(root["candidate_id"u8]);
        var manifest = root["manifest_hash"u8];
        ManifestHash = manifest.IsText ? manifest.Text : null;
        var items = root[System.Text.Encoding.ASCII.GetBytes(itemsName)];
        if (items.IsPresent && items.Kind == JsonKind.Array) RecomputedHash = HashAndTally(items, tally).ToString();
        Count = tally.Count;
        var summary = root["summary"u8];
        MismatchedFields = Differing(tally.Recompute(), summary.IsObject ? (JsonObject)summary.ToValue() : JsonObject.Empty);
    }

    /// <summary>Text of <c>schema_version</c>.</summary>
    public string SchemaVersion { get; }

    /// <summary>Text of <c>run_id</c>.</summary>
    public string RunId { get; }

    /// <summary>Text of <c>candidate_id</c>.</summary>
    public string CandidateId { get; }

    /// <summary>The hash that the artifact carries, as it stands there; null if it is no string.</summary>
    public string? ManifestHash { get; }

    /// <summary>The hash of the array; null if there is none.</summary>
    public string? RecomputedHash { get; }

    /// <summary>Number of items, whatever they are.</summary>
    public int Count { get; }

    /// <summary>Members of the summary that are not what the items give, sorted.</summary>
    public IReadOnlyList<string> MismatchedFields { get; }

    /// <summary>Of the event/CAR artifact: the ids of its records.</summary>
    public IReadOnlySet<string> EventIds { get; private init; } = new HashSet<string>();

    /// <summary>Of the reward artifact: the number of rewards whose event is a record.</summary>
    public int MappedCount { get; private init; }

    /// <summary>Reads the event/CAR artifact; null if it cannot be read as an object.</summary>
    public static JanusArtifact? ReadEventCar(IRunArtifacts artifacts, string path)
    {
        if (!artifacts.TryFindObject(path, out var tape)) return null;
        var tally = new EventTally();
        return new JanusArtifact(tape.Root, "records", tally) { EventIds = tally.Ids };
    }

    /// <summary>Reads the reward artifact; null if it cannot be read as an object.</summary>
    /// <param name="artifacts">The run's artifacts.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="eventCar">The event/CAR artifact, whose records rewards must map to; null if it cannot be read.</param>
    public static JanusArtifact? ReadReward(IRunArtifacts artifacts, string path, JanusArtifact? eventCar)
    {
        if (!artifacts.TryFindObject(path, out var tape)) return null;
        var tally = new RewardTally(eventCar?.EventIds);
        return new JanusArtifact(tape.Root, "rewards", tally) { MappedCount = tally.Mapped };
    }

    private static Sha256Hash HashAndTally(JsonNode items, Tally tally)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new ByteBuffer(4096);
        buffer.Append((byte)'[');
        foreach (var item in items.Elements())
        {
            if (tally.Count > 0) buffer.Append((byte)',');
            item.AppendCanonical(buffer);
            hash.AppendData(buffer.Written);
            buffer.Clear();
            tally.Take(item);
        }

        buffer.Append((byte)']');
        hash.AppendData(buffer.Written);
        return Sha256Hash.Of(hash);
    }

    private static string[] Differing(IEnumerable<(string Name, JsonValue? Value)> recomputed, JsonObject claimed) =>
        ContractValue.SortedUnique(recomputed.Where(field => !Same(field.Value, claimed[field.Name])).Select(field => field.Name));

    /// <summary>Integers must be integers, texts equal character for character; what cannot be recomputed differs.</summary>
    private static bool Same(JsonValue? recomputed, JsonValue? claimed) => (recomputed, claimed) switch
    {
        (JsonInteger expected, JsonInteger found) => expected.Value == found.Value,
        (JsonText expected, JsonText found) => string.Equals(expected.Value, found.Value, StringComparison.Ordinal),
        _ => false,
    };

    private static string TextOf(JsonNode node) => node switch
    {
        { IsGiven: false } => "",
        { IsText: true } => CodePoints.Trim(node.Text),
        _ => ContractValue.InvalidText,
    };

    /// <summary>Counts and sums over items, in order.</summary>
    private abstract class Tally
    {
        public int Count { get; private set; }

        public void Take(JsonNode item)
        {
            Count++;
            Add(item);
        }

        /// <summary>The summary's members; null for one that cannot be recomputed.</summary>
        public abstract IEnumerable<(string Name, JsonValue? Value)> Recompute();

        protected abstract void Add(JsonNode item);

        protected static bool Is(JsonNode value, ReadOnlySpan<byte> text) =>
            value.IsText && (value.IsPlainText ? value.Token.SequenceEqual(text) : value.Text == System.Text.Encoding.ASCII.GetString(text));

        protected JsonValue? Ratio(int part) => Mean(new Sum().Plus(Decimal28.Of(part)));

        protected JsonValue? Mean(Sum sum)
        {
            if (Count == 0) return "0";
            if (sum.Value is not { } total) return null;
            try
            {
                return (total / Decimal28.Of(Count)).ToArtifactText();
            }
            catch (DecimalRangeException)
            {
                return null;
            }
        }
    }

    /// <summary>A sum in order; none from the first item on that has no decimal, or that leaves the range.</summary>
    private readonly struct Sum
    {
        private readonly bool _lost;
        private readonly Decimal28 _value;

        private Sum(Decimal28? value)
        {
            _lost = value is null;
            _value = value ?? default;
        }

        public Decimal28? Value => _lost ? null : _value;

        public Sum Plus(Decimal28? term)
        {
            if (_lost || term is not { } number) return new Sum(null);
            try
            {
                return new Sum(_value + number);
            }
            catch (DecimalRangeException)
            {
                return new Sum(null);
            }
        }

        public static Decimal28? TextDecimal(JsonNode value) => value.IsText && Decimal28.TryRead(value, out var number) ? number : null;
    }

    private sealed class EventTally : Tally
    {
        private int _longs;
        private int _shorts;
        private int _neutrals;
        private int _strongs;
        private Sum _absolute;

        public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

        public override IEnumerable<(string Name, JsonValue? Value)> Recompute()
        {
            JsonValue?[] values = [Count, _longs, _shorts, _neutrals, _strongs, Mean(_absolute)];
            return EventFields.Zip(values);
        }

        protected override void Add(JsonNode item)
        {
            var direction = item["semantic_direction"u8];
            if (Is(direction, "long"u8)) _longs++;
            else if (Is(direction, "short"u8)) _shorts++;
            else if (Is(direction, "neutral"u8)) _neutrals++;
            if (Is(item["strength_label"u8], "strong"u8)) _strongs++;
            _absolute = _absolute.Plus(Sum.TextDecimal(item["car"u8]) is { } car ? Decimal28.Abs(car) : null);
            var id = item["event_id"u8];
            if (id.IsText) Ids.Add(id.Text);
        }
    }

    private sealed class RewardTally(IReadOnlySet<string>? eventIds) : Tally
    {
        private int _opposite;
        private int _agreeing;
        private int _matching;
        private Sum _final;
        private Sum _pnl;

        public int Mapped { get; private set; }

        public override IEnumerable<(string Name, JsonValue? Value)> Recompute() =>
        [
            ("reward_count", Count),
            ("event_mapped_count", Mapped),
            ("hard_gate_fail_count", _opposite),
            ("direction_gate_pass_ratio", Ratio(_agreeing)),
            ("event_type_match_ratio", Ratio(_matching)),
            ("mean_final_reward", Mean(_final)),
            ("mean_pnl_reward", Mean(_pnl)),
        ];

        protected override void Add(JsonNode item)
        {
            var direction = item["direction_gate"u8];
            if (Is(direction, "-1"u8)) _opposite++;
            else if (Is(direction, "1"u8)) _agreeing++;
            if (Is(item["event_type_gate"u8], "1"u8)) _matching++;
            _final = _final.Plus(Sum.TextDecimal(item["final_reward"u8]));
            _pnl = _pnl.Plus(Sum.TextDecimal(item["pnl_reward"u8]));
            var id = item["event_id"u8];
            if (id.IsText && (eventIds is null ? id.Text != "unmapped" : eventIds.Contains(id.Text))) Mapped++;
        }
    }
}
