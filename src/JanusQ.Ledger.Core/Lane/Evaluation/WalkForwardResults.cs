using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>
/// The file <c>backtest/walkforward-results.json</c>: the run's one fold with every decision and its features (lane.md section 8).
/// </summary>
public sealed class WalkForwardResults : IArtifactFile
{
    private const int ChunkDecisions = 256;
    private const int DecisionLevel = 4;

    private readonly Fold _fold;
    private readonly Instant _start;
    private readonly Instant _end;
    private readonly Instant _generatedAt;
    private readonly int _threads;

    /// <summary>Takes the fold over sorted signals.</summary>
    /// <param name="fold">The fold.</param>
    /// <param name="start">Event time of the first signal.</param>
    /// <param name="end">Event time of the last signal.</param>
    /// <param name="generatedAt">When; never read from a clock.</param>
    /// <param name="threads">Threads to spell with; the bytes do not depend on it.</param>
    public WalkForwardResults(Fold fold, Instant start, Instant end, Instant generatedAt, int threads)
    {
        _fold = fold;
        _start = start;
        _end = end;
        _generatedAt = generatedAt;
        _threads = threads;
    }

    /// <inheritdoc />
    public void WriteTo(ByteSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var buffer = new ByteBuffer(4096);
        buffer.Append("{\n  \"generated_at\": "u8);
        FileJson.Append(buffer, _generatedAt.ToString(), 1);
        buffer.Append(",\n  \"feature_spec\": \"feature_vector_v3\",\n  \"folds\": [\n    {"u8);
        AppendFoldMember(buffer, "fold", false, JsonObject.Of(
            ("name", _fold.Name),
            ("train_start", _start.ToString()),
            ("train_end", _start.ToString()),
            ("test_start", _start.ToString()),
            ("test_end", _end.ToString())));
        AppendFoldMember(buffer, "signals_count", true, _fold.SignalsCount);
        AppendFoldMember(buffer, "metrics", true, _fold.MetricsToJson());
        AppendFoldMember(buffer, "regime_label", true, _fold.Regime.Label);
        AppendFoldMember(buffer, "regime", true, _fold.Regime.ToJson());
        FileJson.AppendBreak(buffer, 3, true);
        buffer.Append("\"decisions\": ["u8);
        sink(buffer.Written);
        WriteDecisions(sink);
        buffer.Clear();
        if (_fold.Decisions.Count > 0) FileJson.AppendBreak(buffer, 3, false);
        buffer.Append("]\n    }\n  ]\n}"u8);
        sink(buffer.Written);
    }

    private static void AppendFoldMember(ByteBuffer buffer, string name, bool comma, JsonValue value)
    {
        FileJson.AppendBreak(buffer, 3, comma);
        CanonicalJson.AppendText(buffer, name);
        buffer.Append(": "u8);
        FileJson.Append(buffer, value, 3);
    }

    private void WriteDecisions(ByteSink sink) => OrderedChunks.Run(
        (_fold.Decisions.Count + ChunkDecisions - 1) / ChunkDecisions,
        _threads,
        () => new ByteBuffer(ChunkDecisions * 1400),
        (chunk, buffer) =>
        {
            buffer.Clear();
            for (var i = chunk * ChunkDecisions; i < Math.Min(_fold.Decisions.Count, (chunk + 1) * ChunkDecisions); i++)
            {
                FileJson.AppendBreak(buffer, DecisionLevel, i > 0);
                if (_fold.Decisions[i].Runtime is { } runtime) AppendOwn(buffer, _fold.Decisions[i], runtime);
                else FileJson.Append(buffer, _fold.Decisions[i].ToJson(), DecisionLevel);
            }
        },
        buffer => sink(buffer.Written));

    /// <summary>Spells a decision of the runtime as <see cref="Decision.ToJson"/> has it, without a tree.</summary>
    private static void AppendOwn(ByteBuffer buffer, Decision decision, DecisionRuntime runtime)
    {
        buffer.Append("{\n          \"decision\": {\n            \"strategy_id\": "u8);
        buffer.Append(decision.StrategyId.Token);
        buffer.Append(",\n            \"symbol\": "u8);
        buffer.Append(decision.Symbol.Token);
        buffer.Append(",\n            \"event_ts\": \""u8);
        decision.EventTime.AppendWithZ(buffer);
        buffer.Append("\",\n            \"timeframe\": "u8);
        CanonicalJson.AppendText(buffer, decision.Timeframe);
        buffer.Append(",\n            \"action\": "u8);
        buffer.Append(decision.Action == TradeAction.Buy ? "\"buy\""u8 : "\"sell\""u8);
        buffer.Append(",\n            \"qty\": "u8);
        AppendText(buffer, decision.Qty);
        buffer.Append(",\n            \"order_type\": "u8);
        CanonicalJson.AppendText(buffer, decision.OrderType);
        buffer.Append(",\n            \"time_in_force\": "u8);
        CanonicalJson.AppendText(buffer, decision.TimeInForce);
        buffer.Append(",\n            \"limit_price\": null,\n            \"stop_price\": null,\n            \"rationale\": "u8);
        CanonicalJson.AppendScalar(buffer, decision.Rationale);
        buffer.Append(",\n            \"params\": {\n              \"runtime\": {\n                \"strategy_type\": "u8);
        CanonicalJson.AppendText(buffer, runtime.StrategyType);
        buffer.Append(",\n                \"schema\": "u8);
        CanonicalJson.AppendText(buffer, FeatureReader.SchemaVersion);
        buffer.Append(",\n                \"confidence\": "u8);
        AppendText(buffer, runtime.Confidence);
        buffer.Append(",\n                \"horizon\": \"intraday\"\n              },\n              \"feature_hash\": \""u8);
        runtime.FeatureHash.AppendHex(buffer);
        buffer.Append("\"\n            }\n          },\n          \"features\": {\n            \"macd\": "u8);
        AppendText(buffer, decision.Features.Macd);
        buffer.Append(",\n            \"macd_signal\": "u8);
        AppendText(buffer, decision.Features.MacdSignal);
        buffer.Append(",\n            \"rsi\": "u8);
        AppendText(buffer, decision.Features.Rsi);
        buffer.Append(",\n            \"price\": "u8);
        AppendText(buffer, decision.Features.Price);
        buffer.Append("\n          }\n        }"u8);
    }

    private static void AppendText(ByteBuffer buffer, Decimal28? value)
    {
        if (value is not { } number)
        {
            buffer.Append("null"u8);
            return;
        }

        buffer.Append((byte)'"');
        number.AppendText(buffer);
        buffer.Append((byte)'"');
    }
}
