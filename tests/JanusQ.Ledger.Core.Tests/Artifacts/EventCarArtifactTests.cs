using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Artifacts;

public class EventCarArtifactTests
{
    [Fact]
    public void the_order_of_the_input_never_changes_an_artifact() =>
        Gen.Select(RandomSignals.Signals, RandomSignals.Decisions, Gen.Int).Sample(
            (signals, decisions, seed) =>
            {
                var expected = RandomSignals.Build(signals, decisions);
                var shuffled = signals.ToArray();
                new Random(seed).Shuffle(shuffled);
                var actual = RandomSignals.Build(shuffled, decisions);
                Assert.Equal(expected.EventCar, actual.EventCar);
                Assert.Equal(expected.Reward, actual.Reward);
            },
            iter: 500);

    [Fact]
    public void signals_equal_in_all_three_keys_keep_their_input_order()
    {
        var first = JsonObject.Of(("event_ts", 1), ("symbol", "A"), ("payload", JsonObject.Of(("price", 1))));
        var second = JsonObject.Of(("event_ts", 1), ("symbol", "A"), ("seq", 0), ("payload", JsonObject.Of(("price", 2))));
        Assert.Equal(["1", "2"], Records([first, second]).Select(record => Text(record, "price_t")));
        Assert.Equal(["2", "1"], Records([second, first]).Select(record => Text(record, "price_t")));
    }

    [Fact]
    public void everything_a_verifier_can_recompute_is_what_the_file_says() => RandomSignals.Signals.Sample(
        signals =>
        {
            // Section 9, from the file alone.
            var payload = (JsonObject)JsonValue.Read(RandomSignals.Build(signals, []).EventCar);
            var records = ((JsonArray)payload["records"]!).Elements.Cast<JsonObject>().ToArray();
            var summary = (JsonObject)payload["summary"]!;
            int Count(string member, string value) => records.Count(record => Text(record, member) == value);
            Assert.Equal(Text(payload, "manifest_hash"), CanonicalJson.Hash(payload["records"]!).ToString());
            Assert.Equal(signals.Length, records.Length);
            Assert.Equal(
                (records.Length, Count("semantic_direction", "long"), Count("semantic_direction", "short"),
                    Count("semantic_direction", "neutral"), Count("strength_label", "strong")),
                (Number(summary, "event_count"), Number(summary, "positive_direction_count"), Number(summary, "negative_direction_count"),
                    Number(summary, "neutral_direction_count"), Number(summary, "strong_event_count")));
            var sum = Decimal28.Sum(records.Select(record => Decimal28.Abs(Decimal28.Of(Text(record, "car")))).ToArray());
            Assert.Equal(Text(summary, "mean_abs_car"), (sum / Decimal28.Of(records.Length)).ToArtifactText());
            foreach (var record in records)
            {
                var car = Decimal28.Of(Text(record, "car"));
                Assert.Equal(Text(record, "semantic_direction"), car.IsZero ? "neutral" : car.IsNegative ? "short" : "long");
                Assert.Equal(Text(record, "car"), Text(record, "abnormal_return"));
                Assert.Equal(Text(record, "car"), Text(record, "risk_neutralized_return"));
            }
        },
        iter: 500);

    [Fact]
    public void the_file_is_the_file_form_of_its_own_payload() => Gen.Select(RandomSignals.Signals, RandomSignals.Decisions).Sample(
        (signals, decisions) =>
        {
            var (eventCar, reward) = RandomSignals.Build(signals, decisions);
            Assert.Equal(Encoding.ASCII.GetString(eventCar), FileJson.Text(JsonValue.Read(eventCar)));
            Assert.Equal(Encoding.ASCII.GetString(reward), FileJson.Text(JsonValue.Read(reward)));
        },
        iter: 300);

    [Fact]
    public void returns_are_those_of_a_plain_reading_of_section_6() => RandomSignals.Signals.Sample(
        signals =>
        {
            var read = SignalsDocument.Read(CanonicalJson.Bytes(new JsonArray(signals)));
            var sorted = read.OrderBy(s => s.EventTime).ThenBy(s => s.Symbol.Value, CodePoints.Order).ThenBy(s => s.SequenceOrZero)
                .ToArray();
            var raws = sorted.Select((s, i) =>
            {
                var price = s.Price ?? Decimal28.Zero;
                var next = sorted.Skip(i + 1).FirstOrDefault(other => other.Symbol.Value == s.Symbol.Value);
                return price > Decimal28.Zero ? ((next is null ? price : next.Price ?? Decimal28.Zero) - price) / price : Decimal28.Zero;
            }).ToArray();
            var cars = sorted.Select((s, i) =>
            {
                var peers = raws.Where((_, j) => sorted[j].EventTime == s.EventTime).ToArray();
                return (raws[i] - (Decimal28.Sum(peers) / Decimal28.Of(peers.Length))).ToArtifactText();
            });
            Assert.Equal(cars, Records(signals).Select(record => Text(record, "car")));
        },
        iter: 300);

    [Fact]
    public void no_signals_is_an_error() => Assert.Equal(
        "janus_event_car_requires_signals",
        Assert.Throws<RefusedException>(() => EventCarArtifact.Build("r", SortedSignals.Of([]), Instant.Parse("2026-01-01"))).Refusal.Code);

    [Theory]
    [InlineData("0", "strong")]
    [InlineData("-1", "strong")]
    [InlineData("1E-999999", "weak")]
    public void a_neutral_event_is_strong_where_the_threshold_is_zero_or_less(string threshold, string strength)
    {
        var signals = SignalsDocument.Read("""[{"event_ts":1,"symbol":"A"}]"""u8.ToArray());
        var artifact = EventCarArtifact.Build("r", SortedSignals.Of(signals), Instant.Parse("2026-01-01"), Decimal28.Of(threshold));
        var record = (JsonObject)((JsonArray)((JsonObject)JsonValue.Read(artifact.ToBytes()))["records"]!)[0];
        Assert.Equal(strength, Text(record, "strength_label"));
    }

    [Theory]
    [InlineData(
        """[{"event_ts":1,"symbol":"A","payload":{"price":"1E-999999"}},{"event_ts":2,"symbol":"A","payload":{"price":"1E+999999"}}]""")]
    [InlineData("""[{"event_ts":1,"symbol":"A","payload":{"price":"9.9999999999999999999999999999E+999999"}}]""")]
    [InlineData(
        """[{"event_ts":1,"symbol":"A","payload":{"price":"9.9999999999999999999999999999E+999999"}},{"event_ts":2,"symbol":"B"}]""")]
    public void arithmetic_out_of_range_refuses_the_artifact_on_any_number_of_threads(string document)
    {
        foreach (var threads in new[] { 1, 2, 8 })
        {
            var signals = SortedSignals.Of(SignalsDocument.Read(Encoding.UTF8.GetBytes(document)));
            var refused = Assert.Throws<RefusedException>(() =>
                EventCarArtifact.Build("r", signals, Instant.Parse("2026-01-01"), threads: threads));
            Assert.Equal("arithmetic_out_of_range", refused.Refusal.Code);
        }
    }

    private static IEnumerable<JsonObject> Records(IEnumerable<JsonObject> signals) =>
        ((JsonArray)((JsonObject)JsonValue.Read(RandomSignals.Build(signals, []).EventCar))["records"]!).Elements.Cast<JsonObject>();

    private static string Text(JsonObject value, string member) => ((JsonText)value[member]!).Value;

    private static int Number(JsonObject value, string member) => (int)((JsonInteger)value[member]!).Value;
}
