using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Features;

/// <summary>
/// Reads the features of one signal at a time (lane.md section 6). Reused from signal to signal; what strategies ask for is read at once,
/// the rest only when a vector is asked for.
/// </summary>
internal sealed class FeatureReader
{
    public const string SchemaVersion = "3.0.0";
    private const string DefaultTimeframe = "1Min";

    private static readonly Decimal28 TrendThreshold = Decimal28.Of("0.02");
    private static readonly Decimal28 RevertThreshold = Decimal28.Of("-0.02");

    private readonly JsonTape _tape = new();
    private Signal _signal = null!;
    private JsonNode _payload;
    private readonly ByteBuffer _canonicalVector = new(1024);
    private Readings _read;
    private Decimal28? _ema12;
    private Decimal28? _ema26;
    private Decimal28? _volatility;
    private Sha256Hash? _normalizationHash;
    private SignalFeatures? _carried;
    private string? _vectorError;

    /// <summary>What was read of the signal so far, beside what is read at once.</summary>
    [Flags]
    private enum Readings
    {
        None = 0,
        Ema12 = 1,
        Ema26 = 2,
        Volatility = 4,
        VectorError = 8,
    }

    public Decimal28? Macd { get; private set; }

    public Decimal28? MacdSignal { get; private set; }

    public Decimal28? Rsi14 { get; private set; }

    public Decimal28? Price => _signal.Price;

    public Decimal28? Ema12 =>
        (_read & Readings.Ema12) != 0 ? _ema12 : Keep(Readings.Ema12, ref _ema12, FirstGiven("ema12"u8, "ema"u8, "ema12"u8));

    public Decimal28? Ema26 =>
        (_read & Readings.Ema26) != 0 ? _ema26 : Keep(Readings.Ema26, ref _ema26, FirstGiven("ema26"u8, "ema"u8, "ema26"u8));

    /// <summary>vol_realized_w60s.</summary>
    public Decimal28? Volatility =>
        (_read & Readings.Volatility) != 0 ? _volatility : Keep(Readings.Volatility, ref _volatility, FindVolatility());

    private Decimal28? FindVolatility()
    {
        if (Indicator(_payload["vol_realized"u8]["w60s"u8]) is { } realized) return realized;
        if (_payload["vol_realized_w60s"u8] is { IsPresent: true } flat) return Indicator(flat);
        if (_payload["volatility"u8] is { IsPresent: true } volatility) return Indicator(volatility);
        if (_payload["vol"u8] is { IsPresent: true } vol) return Indicator(vol);
        return Indicator(_payload["sigma"u8]);
    }

    private Decimal28? Keep(Readings which, ref Decimal28? place, Decimal28? value)
    {
        _read |= which;
        return place = value;
    }

    /// <summary>Whole milliseconds between the event and its intake, 0 where there is no later intake.</summary>
    public long StalenessMs => _signal.IngestTime is { } ingested ? ingested.MillisecondsSince(_signal.EventTime) : 0;

    /// <summary>The five features that travel with a decision.</summary>
    public SignalFeatures Signal => _carried ??= new SignalFeatures(Macd, MacdSignal, Rsi14, Price, Volatility);

    /// <summary>The hash of <see cref="Vector"/>, made once a signal.</summary>
    public Sha256Hash NormalizationHash => _normalizationHash ??= HashVector();

    /// <summary>How many of the three required features are none: macd with its signal line, rsi14, price (lane.md section 17).</summary>
    public int MissingRequired => (Macd is null || MacdSignal is null ? 1 : 0) + (Rsi14 is null ? 1 : 0) + (Price is null ? 1 : 0);

    /// <summary>Turns to a signal.</summary>
    public void Load(Signal signal)
    {
        _signal = signal;
        _normalizationHash = null;
        _carried = null;
        _read = Readings.None;
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(signal.CanonicalPayload, out var bytes))
            bytes = new ArraySegment<byte>(signal.CanonicalPayload.ToArray());
        _tape.ReadDocument(bytes.Array!, bytes.Offset, bytes.Count);
        _payload = _tape.Root;
        var macd = _payload["macd"u8];
        Macd = Indicator(macd.IsObject ? macd["macd"u8] : macd);
        MacdSignal = Indicator(macd.IsObject ? macd["signal"u8] : _payload["macd_signal"u8]);
        var rsi14 = _payload["rsi14"u8];
        Rsi14 = Indicator(rsi14.IsGiven ? rsi14 : _payload["rsi"u8]);
    }

    /// <summary>Why the signal has no feature vector v3, or null if it has one.</summary>
    /// <exception cref="DecimalRangeException">The difference of macd and signal line is out of range.</exception>
    public string? VectorError()
    {
        if ((_read & Readings.VectorError) != 0) return _vectorError;
        _vectorError = FindVectorError();
        _read |= Readings.VectorError;
        return _vectorError;
    }

    private string? FindVectorError()
    {
        if (SchemaError() is { } incompatible) return incompatible;
        _ = RouteRegimeLabel();
        if (Price is not null && Macd is not null && MacdSignal is not null && Rsi14 is not null) return null;
        var missing = new List<string>(4);
        if (Macd is null) missing.Add("macd");
        if (MacdSignal is null) missing.Add("macd_signal");
        if (Price is null) missing.Add("price");
        if (Rsi14 is null) missing.Add("rsi14");
        return "missing_required_features:" + string.Join('|', missing);
    }

    /// <summary>The object whose hash is the normalization_hash.</summary>
    public JsonObject Vector() => JsonObject.Of(
        ("event_ts", _signal.EventTime.ToString()),
        ("symbol", _signal.Symbol.Value),
        ("timeframe", _signal.Timeframe is { Value.Length: > 0 } timeframe ? timeframe.Value : DefaultTimeframe),
        ("seq", _signal.SequenceOrZero),
        ("source", _signal.Source is { Value.Length: > 0 } source ? source.Value : "unknown"),
        ("feature_schema_version", SchemaVersion),
        ("values", JsonObject.Of(
            ("price", Spell(Price)),
            ("ema12", Spell(Ema12)),
            ("ema26", Spell(Ema26)),
            ("macd", Spell(Macd)),
            ("macd_signal", Spell(MacdSignal)),
            ("macd_hist", Spell(FirstGiven("macd_hist"u8, "macd"u8, "hist"u8))),
            ("vwap_session", Spell(FirstGiven("vwap_session"u8, "vwap"u8, "session"u8))),
            ("vwap_w5m", Spell(FirstGiven("vwap_w5m"u8, "vwap"u8, "w5m"u8))),
            ("rsi14", Spell(Rsi14)),
            ("boll_mid", Spell(FirstGiven("boll_mid"u8, "boll"u8, "mid"u8))),
            ("boll_upper", Spell(FirstGiven("boll_upper"u8, "boll"u8, "upper"u8))),
            ("boll_lower", Spell(FirstGiven("boll_lower"u8, "boll"u8, "lower"u8))),
            ("vol_realized_w60s", Spell(Volatility)),
            ("imbalance_spread", Spell(FirstGiven("imbalance_spread"u8, "imbalance"u8, "spread"u8))),
            ("spread", Spell(Indicator(_payload["spread"u8]))),
            ("signal_quality_flag", _payload["signal_quality_flag"u8] is { IsPresent: true } flag ? flag.ToValue() : JsonValue.Null),
            ("route_regime_label", RouteRegimeLabel()),
            ("staleness_ms", StalenessMs))));

    /// <summary>Spells the canonical form of <see cref="Vector"/>, without a tree, and hashes it.</summary>
    private Sha256Hash HashVector()
    {
        var target = _canonicalVector;
        target.Clear();
        target.Append("{\"event_ts\":\""u8);
        _signal.EventTime.AppendTo(target);
        target.Append("\",\"feature_schema_version\":\"3.0.0\",\"seq\":"u8);
        CanonicalJson.AppendInteger(target, _signal.SequenceOrZero);
        target.Append(",\"source\":"u8);
        target.Append(_signal.Source is { Value.Length: > 0 } source ? source.Token : "\"unknown\""u8);
        target.Append(",\"symbol\":"u8);
        target.Append(_signal.Symbol.Token);
        target.Append(",\"timeframe\":"u8);
        target.Append(_signal.Timeframe is { Value.Length: > 0 } timeframe ? timeframe.Token : "\"1Min\""u8);
        target.Append(",\"values\":{\"boll_lower\":"u8);
        Append(target, FirstGiven("boll_lower"u8, "boll"u8, "lower"u8), ",\"boll_mid\":"u8);
        Append(target, FirstGiven("boll_mid"u8, "boll"u8, "mid"u8), ",\"boll_upper\":"u8);
        Append(target, FirstGiven("boll_upper"u8, "boll"u8, "upper"u8), ",\"ema12\":"u8);
        Append(target, Ema12, ",\"ema26\":"u8);
        Append(target, Ema26, ",\"imbalance_spread\":"u8);
        Append(target, FirstGiven("imbalance_spread"u8, "imbalance"u8, "spread"u8), ",\"macd\":"u8);
        Append(target, Macd, ",\"macd_hist\":"u8);
        Append(target, FirstGiven("macd_hist"u8, "macd"u8, "hist"u8), ",\"macd_signal\":"u8);
        Append(target, MacdSignal, ",\"price\":"u8);
        Append(target, Price, ",\"route_regime_label\":"u8);
        CanonicalJson.AppendText(target, RouteRegimeLabel());
        target.Append(",\"rsi14\":"u8);
        Append(target, Rsi14, ",\"signal_quality_flag\":"u8);
        if (_payload["signal_quality_flag"u8] is { IsPresent: true } flag) flag.AppendCanonical(target);
        else target.Append("null"u8);
        target.Append(",\"spread\":"u8);
        Append(target, Indicator(_payload["spread"u8]), ",\"staleness_ms\":"u8);
        CanonicalJson.AppendInteger(target, StalenessMs);
        target.Append(",\"vol_realized_w60s\":"u8);
        Append(target, Volatility, ",\"vwap_session\":"u8);
        Append(target, FirstGiven("vwap_session"u8, "vwap"u8, "session"u8), ",\"vwap_w5m\":"u8);
        Append(target, FirstGiven("vwap_w5m"u8, "vwap"u8, "w5m"u8), "}}"u8);
        return Sha256Hash.Of(target.Written);
    }

    private static void Append(ByteBuffer target, Decimal28? value, ReadOnlySpan<byte> next)
    {
        if (value is { } number)
        {
            target.Append((byte)'"');
            number.AppendText(target);
            target.Append((byte)'"');
        }
        else
        {
            target.Append("null"u8);
        }

        target.Append(next);
    }

    private static JsonValue Spell(Decimal28? value) => value?.ToString();

    private static Decimal28? Indicator(JsonNode value) => Decimal28.TryRead(value, out var read) ? read : null;

    private Decimal28? FirstGiven(ReadOnlySpan<byte> flat, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        var value = _payload[flat];
        return Indicator(value.IsGiven ? value : _payload[outer][inner]);
    }

    private string? SchemaError()
    {
        const string Error = "incompatible_feature_schema:";
        var declared = _payload["feature_schema_version"u8];
        if (!declared.IsGiven) return null;
        if (declared.Kind is not (JsonKind.Text or JsonKind.Integer or JsonKind.Real)) return Error + "unreadable";
        var text = declared.Kind == JsonKind.Text ? declared.Text : Encoding.ASCII.GetString(declared.Token);
        return IsMajorThree(CodePoints.Trim(text)) ? null : Error + text;
    }

    /// <summary>
    /// Whether a trimmed version is of major version 3: digits with the value 3 before the first point, after one leading v.
    /// </summary>
    private static bool IsMajorThree(string version)
    {
        if (version.StartsWith('v') || version.StartsWith('V')) version = version[1..];
        var major = version.Split('.', 2)[0];
        return major.Length > 0 && !major.AsSpan().ContainsAnyExceptInRange('0', '9') && major.TrimStart('0') == "3";
    }

    private string RouteRegimeLabel()
    {
        var label = _payload["regime_label"u8];
        if (label.IsText)
        {
            var trimmed = CodePoints.Trim(label.Text);
            if (trimmed.Length > 0) return CodePoints.Lower(trimmed);
        }

        if (Macd is not { } macd || MacdSignal is not { } signal) return "unknown";
        var difference = macd - signal;
        return difference >= TrendThreshold ? "trend" : difference <= RevertThreshold ? "mean_revert" : "range";
    }
}
