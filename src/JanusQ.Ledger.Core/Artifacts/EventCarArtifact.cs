using System.Security.Cryptography;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>
/// The event/CAR artifact <c>janus-event-car-v1</c>: for every signal the return to the symbol's next signal, less the mean of its instant
/// (artifacts.md section 6; CAR as Janus-Q section 3.1, equations 1 to 5, with the window shortened to one signal).
/// </summary>
public sealed class EventCarArtifact : IArtifactFile
{
    /// <summary>The schema's name.</summary>
    public const string SchemaVersion = "janus-event-car-v1";

    private const int ChunkRecords = 512;

    /// <summary>The |CAR| from which an event is strong where nothing else is asked for.</summary>
    public static readonly Decimal28 DefaultStrongThreshold = Decimal28.Of("0.0025");

    private static readonly string[] Members =
    [
        "event_id", "event_ts", "symbol", "seq", "event_type", "semantic_direction", "strength_label", "price_t", "price_t_plus_1",
        "raw_return", "abnormal_return", "risk_neutralized_return", "car", "payload_hash", "source",
    ];

    private const int AbnormalReturnMember = 10;

    private static readonly EntryLayout Layout = new(Members);
    private static readonly CanonicalText Strong = new("strong");
    private static readonly CanonicalText Weak = new("weak");
    private static readonly CanonicalText UnknownSource = new("unknown");

    private static readonly JsonObject Methodology = JsonObject.Of(
        ("stage", "m1_scaffold"),
        ("event_window", "t_plus_1_signal"),
        ("market_model", "cross_sectional_mean_proxy"),
        ("risk_neutralization", "identity_proxy"),
        ("paper_alignment", JsonObject.Of(("car_reference", "janus_q_sec_3_1_eq_1_to_5"), ("label_reference", "janus_q_sec_3_1_2"))));

    private readonly EventCarRecord[] _records;
    private readonly int _threads;

    private EventCarArtifact(
        string runId, Instant generatedAt, EventCarRecord[] records, EventCarSummary summary, Sha256Hash manifestHash, int threads)
    {
        RunId = runId;
        GeneratedAt = generatedAt;
        _records = records;
        Summary = summary;
        ManifestHash = manifestHash;
        _threads = threads;
    }

    /// <summary>The run that the artifact belongs to.</summary>
    public string RunId { get; }

    /// <summary>When it was generated, as the caller says.</summary>
    public Instant GeneratedAt { get; }

    /// <summary>One record a signal, in the order of the signals.</summary>
    public ReadOnlySpan<EventCarRecord> Records => _records;

    /// <summary>Counts and the mean |CAR|.</summary>
    public EventCarSummary Summary { get; }

    /// <summary>Hash of the array of records.</summary>
    public Sha256Hash ManifestHash { get; }

    /// <summary>Builds the artifact.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="signals">At least one signal.</param>
    /// <param name="generatedAt">When; never read from a clock.</param>
    /// <param name="strongThreshold">|CAR| from which an event is strong; 0.0025 if null.</param>
    /// <param name="threads">Threads to use; as many as there are processors if null. The artifact does not depend on it.</param>
    /// <param name="file">Is handed the bytes of the file while the artifact is built, as <see cref="WriteTo"/> would after it.</param>
    /// <exception cref="RefusedException"><c>janus_event_car_requires_signals</c> or <c>arithmetic_out_of_range</c>.</exception>
    public static EventCarArtifact Build(
        string runId, SortedSignals signals, Instant generatedAt, Decimal28? strongThreshold = null, int? threads = null,
        ByteSink? file = null)
    {
        ArgumentNullException.ThrowIfNull(signals);
        if (signals.Count == 0)
            throw new RefusedException(new Refusal("janus_event_car_requires_signals", "An event/CAR artifact needs at least one signal."));
        try
        {
            return new Builder(signals, strongThreshold ?? DefaultStrongThreshold, threads ?? Environment.ProcessorCount, file).Build(
                runId, generatedAt);
        }
        catch (DecimalRangeException outOfRange)
        {
            throw new RefusedException(
                new Refusal("arithmetic_out_of_range", $"The returns of the signals cannot be computed. {outOfRange.Message}"));
        }
    }

    /// <summary>The last record of an instant and symbol; false if there is none.</summary>
    internal bool TryFind(Instant instant, string symbol, out EventCarRecord record)
    {
        var low = 0;
        var high = _records.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var signal = _records[middle].Signal;
            var order = signal.EventTime.CompareTo(instant);
            if (order == 0) order = CodePoints.Compare(signal.Symbol.Value, symbol);
            if (order <= 0) low = middle + 1;
            else high = middle;
        }

        record = low > 0 ? _records[low - 1] : default;
        return low > 0 && record.Signal.EventTime == instant && string.Equals(record.Signal.Symbol.Value, symbol, StringComparison.Ordinal);
    }

    /// <inheritdoc />
    public void WriteTo(ByteSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArtifactFile.Write(sink, Before(RunId, GeneratedAt), "records", WriteRecords, _records.Length == 0, After());
    }

    private static JsonObject Before(string runId, Instant generatedAt) => JsonObject.Of(
        ("schema_version", SchemaVersion), ("run_id", runId), ("generated_at", generatedAt.ToString()), ("methodology", Methodology));

    private JsonObject After() => JsonObject.Of(("summary", Summary.ToJson()), ("manifest_hash", ManifestHash));

    private void WriteRecords(ByteSink sink) => OrderedChunks.Run(
        (_records.Length + ChunkRecords - 1) / ChunkRecords,
        _threads,
        () => (Values: new EntryValues(Members.Length), Text: new ByteBuffer(ChunkRecords * 800)).ToTuple(),
        (chunk, workpiece) =>
        {
            workpiece.Item2.Clear();
            for (var i = chunk * ChunkRecords; i < Math.Min(_records.Length, (chunk + 1) * ChunkRecords); i++)
            {
                FileJson.AppendBreak(workpiece.Item2, 2, i > 0);
                Spell(_records[i], workpiece.Item1);
                Layout.AppendFile(workpiece.Item2, workpiece.Item1);
            }
        },
        workpiece => sink(workpiece.Item2.Written));

    private static void Spell(in EventCarRecord record, EntryValues values)
    {
        var signal = record.Signal;
        values.Clear();
        values.Add(record.EventId);
        values.Add(signal.EventTime);
        values.Add(signal.Symbol);
        values.Add(signal.SequenceOrZero);
        values.Add(signal.EventType);
        values.Add(record.Direction.Name());
        values.Add(record.IsStrong ? Strong : Weak);
        values.Add(record.Price);
        values.Add(record.NextPrice);
        values.Add(record.RawReturn);
        values.Add(record.Car);
        values.AddSame(AbnormalReturnMember);
        values.AddSame(AbnormalReturnMember);
        values.Add(record.PayloadHash);
        values.Add(signal.Source is { Value.Length: > 0 } source ? source : UnknownSource);
    }

    /// <summary>The workpiece of one chunk of records.</summary>
    private sealed class Chunk
    {
        public readonly EntryValues Values = new(Members.Length);
        public readonly ByteBuffer Identity = new(1024);
        public readonly ByteBuffer Canonical = new(ChunkRecords * 700);
        public readonly ByteBuffer File = new();
        public int Start;
        public int End;
    }

    private sealed class Builder(SortedSignals signals, Decimal28 threshold, int threads, ByteSink? file)
    {
        private readonly EventCarRecord[] _records = new EventCarRecord[signals.Count];
        private readonly int[] _next = NextOfSymbol(signals);
        private readonly IncrementalHash _manifest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private Decimal28 _absoluteSum;
        private int _longs;
        private int _shorts;
        private int _strongs;

        public EventCarArtifact Build(string runId, Instant generatedAt)
        {
            using (_manifest)
            {
                var starts = ChunkStarts(signals);
                if (file is not null) ArtifactFile.Begin(file, Before(runId, generatedAt), "records", false);
                _manifest.AppendData("["u8);
                OrderedChunks.Run(starts.Count - 1, threads, () => new Chunk(), (i, chunk) => Make(starts[i], starts[i + 1], chunk), Take);
                _manifest.AppendData("]"u8);
                var count = _records.Length;
                var summary = new EventCarSummary(
                    count, _longs, _shorts, count - _longs - _shorts, _strongs, _absoluteSum / Decimal28.Of(count));
                var artifact = new EventCarArtifact(runId, generatedAt, _records, summary, Sha256Hash.Of(_manifest), threads);
                if (file is not null) ArtifactFile.End(file, artifact.After(), false);
                return artifact;
            }
        }

        /// <summary>Chunks end where an instant ends, since the market's return is a mean over an instant.</summary>
        private static List<int> ChunkStarts(SortedSignals signals)
        {
            var starts = new List<int> { 0 };
            for (var i = ChunkRecords; i < signals.Count; i++)
            {
                if (signals[i].EventTime == signals[i - 1].EventTime) continue;
                starts.Add(i);
                i += ChunkRecords - 1;
            }

            starts.Add(signals.Count);
            return starts;
        }

        private static int[] NextOfSymbol(SortedSignals signals)
        {
            var next = new int[signals.Count];
            var seen = new int[signals.SymbolCount];
            Array.Fill(seen, -1);
            var ranks = signals.SymbolRanks;
            for (var i = next.Length - 1; i >= 0; i--)
            {
                ref var later = ref seen[ranks[i]];
                next[i] = later < 0 ? i : later;
                later = i;
            }

            return next;
        }

        private void Make(int start, int end, Chunk chunk)
        {
            chunk.Start = start;
            chunk.End = end;
            chunk.Canonical.Clear();
            chunk.File.Clear();
            for (var i = start; i < end;)
            {
                var instantEnd = i + 1;
                while (instantEnd < end && signals[instantEnd].EventTime == signals[i].EventTime) instantEnd++;
                MakeInstant(i, instantEnd);
                for (; i < instantEnd; i++) Identify(i, chunk);
            }
        }

        private void MakeInstant(int start, int end)
        {
            var sum = Decimal28.Zero;
            for (var i = start; i < end; i++)
            {
                var signal = signals[i];
                var price = signal.Price ?? Decimal28.Zero;
                var nextPrice = signals[_next[i]].Price ?? Decimal28.Zero;
                var raw = price.IsPositive ? (nextPrice - price) / price : Decimal28.Zero;
                sum += raw;
                _records[i] = new EventCarRecord(signal, nextPrice, raw, default, false);
            }

            var market = sum / Decimal28.Of(end - start);
            for (var i = start; i < end; i++)
            {
                var car = _records[i].RawReturn - market;
                _records[i] = new EventCarRecord(
                    _records[i].Signal, _records[i].NextPrice, _records[i].RawReturn, car, Decimal28.Abs(car) >= threshold);
            }
        }

        private void Identify(int index, Chunk chunk)
        {
            ref var record = ref _records[index];
            var signal = record.Signal;
            var identity = chunk.Identity;
            identity.Clear();
            identity.Append("{\"event_ts\":\""u8);
            signal.EventTime.AppendTo(identity);
            identity.Append("\",\"payload\":"u8);
            identity.Append(signal.CanonicalPayload.Span);
            identity.Append(",\"seq\":"u8);
            CanonicalJson.AppendInteger(identity, signal.SequenceOrZero);
            identity.Append(",\"source\":"u8);
            identity.Append(signal.Source is null ? "null"u8 : signal.Source.Token);
            identity.Append(",\"symbol\":"u8);
            identity.Append(signal.Symbol.Token);
            identity.Append((byte)'}');
            record = record with
            {
                EventId = EntryId.Of(Sha256Hash.Of(identity.Written)),
                PayloadHash = Sha256Hash.Of(signal.CanonicalPayload.Span),
            };
            if (index > 0) chunk.Canonical.Append((byte)',');
            Spell(record, chunk.Values);
            Layout.AppendCanonical(chunk.Canonical, chunk.Values);
            if (file is null) return;
            FileJson.AppendBreak(chunk.File, 2, index > 0);
            Layout.AppendFile(chunk.File, chunk.Values);
        }

        private void Take(Chunk chunk)
        {
            _manifest.AppendData(chunk.Canonical.Written);
            file?.Invoke(chunk.File.Written);
            foreach (ref readonly var record in _records.AsSpan(chunk.Start, chunk.End - chunk.Start))
            {
                _absoluteSum += Decimal28.Abs(record.Car);
                if (record.Direction == SemanticDirection.Long) _longs++;
                else if (record.Direction == SemanticDirection.Short) _shorts++;
                if (record.IsStrong) _strongs++;
            }
        }
    }
}

/// <summary>The summary of an event/CAR artifact.</summary>
/// <param name="EventCount">Number of records.</param>
/// <param name="Longs">Records that point up.</param>
/// <param name="Shorts">Records that point down.</param>
/// <param name="Neutrals">Records that point nowhere.</param>
/// <param name="Strongs">Records whose |CAR| reaches the threshold.</param>
/// <param name="MeanAbsoluteCar">Mean of |CAR|.</param>
public sealed record EventCarSummary(int EventCount, int Longs, int Shorts, int Neutrals, int Strongs, Decimal28 MeanAbsoluteCar)
{
    /// <summary>The member <c>summary</c> of the artifact.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("event_count", EventCount),
        ("positive_direction_count", Longs),
        ("negative_direction_count", Shorts),
        ("neutral_direction_count", Neutrals),
        ("strong_event_count", Strongs),
        ("mean_abs_car", MeanAbsoluteCar.ToArtifactText()));
}
