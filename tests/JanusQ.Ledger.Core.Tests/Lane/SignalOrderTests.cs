using System.Globalization;
using CsCheck;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Core.Tests.Lane;

public class SignalOrderTests
{
    private static readonly string[] Symbols = ["AAA", "BBB", "\uFF33", "\U0001F600"];

    private static readonly Gen<JsonObject> AnySignal =
        from minute in Gen.Int[0, 59]
        from symbol in Gen.Int[0, 3].Select(i => Symbols[i])
        from cents in Gen.Int[0, 20_000]
        from macd in Gen.Int[-200, 200]
        from rsi in Gen.Int[0, 100]
        from late in Gen.Int[0, 300]
        from hole in Gen.Int[0, 9]
        select JsonObject.Of(
            ("event_ts", $"2026-01-05T14:{Digits(minute)}:00Z"),
            ("ingest_ts", $"2026-01-05T14:{Digits(minute)}:00.{late.ToString("D3", CultureInfo.InvariantCulture)}Z"),
            ("symbol", symbol),
            ("timeframe", "1Min"),
            ("payload", hole == 0
                ? JsonObject.Empty
                : JsonObject.Of(("price", Cents(cents)), ("macd", Cents(macd)), ("macd_signal", "0.00"), ("rsi14", rsi))));

    /// <summary>Signals with distinct sequence numbers, so that no two are equal in all three keys, and the same ones shuffled.</summary>
    private static readonly Gen<(JsonObject[] Ordered, JsonObject[] Shuffled)> AnyOrder =
        from signals in AnySignal.Array[1, 120]
        let numbered = signals.Select((signal, i) => signal.With("seq", i)).ToArray()
        from shuffled in Gen.Shuffle(numbered)
        select (numbered, shuffled);

    [Fact]
    public void The_order_of_input_signals_never_changes_an_emitted_file()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        AnyOrder.Sample(
            orders => Assert.Equal(Spell(inputs, arguments, orders.Ordered), Spell(inputs, arguments, orders.Shuffled)),
            iter: Iterations.Of(60));
    }

    /// <summary>
    /// All files, with what names the bytes of the signals document written as what it names: ids and hashes follow from those bytes.
    /// </summary>
    private static string Spell(LaneInputs inputs, LaneArguments arguments, JsonObject[] signals)
    {
        var document = LaneCase.Document("signals.json", new JsonArray(signals));
        var outcome = LaneRun.Execute(inputs with { Signals = document }, arguments);
        var evidence = (JsonObject)outcome.GateInputs["profitability_evidence"]!;
        var manifest = ((JsonText)((JsonObject)evidence["reproducibility"]!)["manifest_hash"]!).Value;
        var text = string.Join(
            '\n', outcome.Files.Append(outcome.GateInputsFile).Select(file => System.Text.Encoding.ASCII.GetString(file.ToBytes())));
        foreach (var file in outcome.Files) text = text.Replace(file.Hash.ToString(), $"<hash of {file.Path}>", StringComparison.Ordinal);
        return text
            .Replace(manifest, "<manifest>", StringComparison.Ordinal)
            .Replace(Sha256Hash.Of(document.Bytes).ToString(), "<signals>", StringComparison.Ordinal)
            .Replace(outcome.CandidateHash, "<candidate hash>", StringComparison.Ordinal)
            .Replace(outcome.GateReportTraceId, "<gate trace>", StringComparison.Ordinal)
            .Replace(outcome.Recommendation.TraceId, "<recommendation trace>", StringComparison.Ordinal)
            .Replace(outcome.Identity.RunId, "<run>", StringComparison.Ordinal)
            .Replace(outcome.Identity.RunId[..12], "<candidate>", StringComparison.Ordinal);
    }

    private static string Digits(int value) => value.ToString("D2", CultureInfo.InvariantCulture);

    private static string Cents(int cents) =>
        $"{(cents < 0 ? "-" : "")}{(Math.Abs(cents) / 100).ToString(CultureInfo.InvariantCulture)}.{Digits(Math.Abs(cents) % 100)}";
}
