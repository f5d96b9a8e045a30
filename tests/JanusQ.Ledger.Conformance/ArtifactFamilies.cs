using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Conformance;

/// <summary>artifacts.md sections 4 to 8.</summary>
public class ArtifactFamilies
{
    [Fact]
    public void Event_car() => VectorFamily.Check("event-car", vector => Answer(() =>
    {
        var artifact = BuildEventCar(vector.Input);
        return Found(vector.Expected, artifact, artifact.ManifestHash, artifact.Summary.ToJson());
    }));

    [Fact]
    public void Hgrm_reward() => VectorFamily.Check("hgrm-reward", vector => Answer(() =>
    {
        var eventCar = BuildEventCar(vector.Input);
        var artifact = BuildReward(vector.Input, eventCar);
        return new JsonObject(
        [
            new("event_car_manifest_hash", eventCar.ManifestHash),
            new("event_car_file_sha256", eventCar.FileHash()),
            .. Found(vector.Expected, artifact, artifact.ManifestHash, artifact.Summary.ToJson()).Members,
        ]);
    }));

    [Fact]
    public void Evidence_summary() => VectorFamily.Check("evidence-summary", vector =>
    {
        var summary = EvidenceSummary.Of(
            (JsonObject)vector.Input["event_car"]!,
            VectorFamily.Text(vector.Input["event_car_artifact_ref"]),
            (JsonObject)vector.Input["hgrm_reward"]!,
            VectorFamily.Text(vector.Input["hgrm_reward_artifact_ref"])).Json;
        return JsonObject.Of(
            ("summary", summary),
            ("canonical_sha256", CanonicalJson.Hash(summary)),
            ("file_form_sha256", Sha256Hash.Of(FileJson.Bytes(summary))));
    });

    [Fact]
    public void Artifact_scale() => VectorFamily.Check("artifact-scale", vector =>
    {
        Assert.Equal("scale-v1", VectorFamily.Text(vector.Input["recipe"]));
        var recipe = ReadRecipe(vector.Input);
        var signalsText = FileJson.Bytes(recipe.Signals);
        var generatedAt = Instant.Parse(VectorFamily.Text(vector.Input["generated_at"]));
        var eventCar = EventCarArtifact.Build(
            VectorFamily.Text(vector.Input["run_id"]), SortedSignals.Of(SignalsDocument.Read(signalsText)), generatedAt);
        var reward = HgrmRewardArtifact.Build(
            VectorFamily.Text(vector.Input["candidate_id"]), eventCar, RewardedDecision.Read(recipe.Decisions), generatedAt);
        var evidence = EvidenceSummary.Of(eventCar, "gates/janus-event-car-v1.json", reward, "gates/janus-hgrm-reward-v1.json");
        return JsonObject.Of(
            ("signals_canonical_sha256", CanonicalJson.Hash(recipe.Signals)),
            ("decisions_canonical_sha256", CanonicalJson.Hash(recipe.Decisions)),
            ("event_car", Ends(eventCar, "records", "record")),
            ("hgrm_reward", Ends(reward, "rewards", "reward")),
            ("evidence", JsonObject.Of(("summary", evidence.Json), ("canonical_sha256", CanonicalJson.Hash(evidence.Json)))));
    }, inOrder: false);

    private static ScaleRecipe ReadRecipe(JsonObject input) => ScaleRecipe.Make(
        ulong.Parse(VectorFamily.Text(input["seed"]), CultureInfo.InvariantCulture),
        (int)((JsonInteger)input["symbols"]!).Value,
        (int)((JsonInteger)input["minutes"]!).Value,
        DateTime.Parse(VectorFamily.Text(input["start"]), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));

    private static JsonObject Ends(IArtifactFile artifact, string array, string entry)
    {
        var payload = (JsonObject)JsonValue.Read(artifact.ToBytes());
        var entries = (JsonArray)payload[array]!;
        return JsonObject.Of(
            ("summary", payload["summary"]!),
            ("manifest_hash", payload["manifest_hash"]!),
            ("file_sha256", artifact.FileHash()),
            ("first_" + entry, entries[0]),
            ("last_" + entry, entries[entries.Count - 1]));
    }

    private static EventCarArtifact BuildEventCar(JsonObject input) => EventCarArtifact.Build(
        VectorFamily.Text(input["run_id"]),
        SortedSignals.Of(SignalsDocument.Read(Encoding.UTF8.GetBytes(VectorFamily.Text(input["signals_text"])))),
        Instant.Parse(VectorFamily.Text(input["generated_at"])),
        input["strong_threshold"] is JsonText threshold ? Decimal28.Of(threshold.Value) : null);

    private static HgrmRewardArtifact BuildReward(JsonObject input, EventCarArtifact eventCar) => HgrmRewardArtifact.Build(
        VectorFamily.Text(input["candidate_id"]),
        eventCar,
        RewardedDecision.Read((JsonArray)input["decisions"]!),
        Instant.Parse(VectorFamily.Text(input["generated_at"])));

    private static JsonObject Found(JsonValue expected, IArtifactFile artifact, Sha256Hash manifestHash, JsonObject summary)
    {
        var found = JsonObject.Of(("manifest_hash", manifestHash), ("file_sha256", artifact.FileHash()), ("summary", summary));
        return ((JsonObject)expected).Has("payload") ? found.With("payload", JsonValue.Read(artifact.ToBytes())) : found;
    }

    private static JsonValue Answer(Func<JsonValue> build)
    {
        try
        {
            return build();
        }
        catch (RefusedException refused)
        {
            return new JsonObject([new KeyValuePair<string, JsonValue>("error", true), .. refused.Refusal.ToJson().Members]);
        }
    }
}
