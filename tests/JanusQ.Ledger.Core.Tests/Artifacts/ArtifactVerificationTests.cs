using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Artifacts;

public class ArtifactVerificationTests
{
    private static readonly Instant GeneratedAt = Instant.Parse("2026-02-25T00:00:00Z");

    private static readonly (JsonObject EventCar, JsonObject Reward) Built = Build();

    /// <summary>Members that cannot be recomputed from the file, and members that nobody derives.</summary>
    private static readonly string[] NotRecomputable =
    [
        "generated_at", "methodology", "stage", "event_window", "market_model", "risk_neutralization", "paper_alignment", "car_reference",
        "label_reference", "reward_version", "candidate_id", "run_id",
    ];

    [Fact]
    public void artifacts_that_were_just_built_have_no_findings()
    {
        Assert.Empty(ArtifactVerification.VerifyEventCar(Built.EventCar));
        Assert.Empty(ArtifactVerification.VerifyReward(Built.Reward, Built.EventCar));
        Assert.Empty(ArtifactVerification.VerifyReward(Built.Reward, null));
    }

    [Fact]
    public void any_text_or_number_changed_anywhere_in_an_event_car_artifact_is_found() =>
        EveryChange(Built.EventCar, changed => ArtifactVerification.VerifyEventCar(changed));

    [Fact]
    public void any_text_or_number_changed_anywhere_in_a_reward_artifact_is_found() =>
        EveryChange(Built.Reward, changed => ArtifactVerification.VerifyReward(changed, Built.EventCar));

    [Fact]
    public void a_reward_whose_manifest_was_made_anew_is_still_found_by_its_id_and_its_event()
    {
        var rewards = (JsonArray)Built.Reward["rewards"]!;
        var first = (JsonObject)rewards[0];
        var forged = new JsonArray([first.With("final_reward", "5"), .. rewards.Elements.Skip(1)]);
        var artifact = Built.Reward
            .With("rewards", forged)
            .With("summary", JanusRecomputation.RewardSummary(forged, (JsonArray)Built.EventCar["records"]!))
            .With("manifest_hash", JanusRecomputation.ManifestHash(forged));
        var places = ArtifactVerification.VerifyReward(artifact, Built.EventCar).Select(finding => finding.Place).ToArray();
        Assert.Contains("rewards[0].reward_id", places);
        Assert.Contains("rewards[0].final_reward", places);
    }

    [Fact]
    public void verification_answers_for_any_value_whatsoever() => AnyJson.Value.Sample(
        value =>
        {
            var whole = JsonObject.Of(
                ("schema_version", value), ("records", new JsonArray([value])), ("rewards", new JsonArray([value])), ("summary", value));
            Assert.NotEmpty(ArtifactVerification.VerifyEventCar(value));
            Assert.NotEmpty(ArtifactVerification.VerifyReward(value, value));
            Assert.NotEmpty(ArtifactVerification.VerifyEventCar(whole));
            Assert.NotEmpty(ArtifactVerification.VerifyReward(whole, whole));
        },
        iter: 500);

    private static void EveryChange(JsonObject artifact, Func<JsonObject, IReadOnlyList<ArtifactFinding>> verify)
    {
        var changes = 0;
        foreach (var (place, changed) in Changes(artifact, ""))
        {
            changes++;
            Assert.True(verify((JsonObject)changed).Count > 0, $"A change of {place} is not found.");
        }

        Assert.True(changes > 50);
    }

    private static IEnumerable<(string Place, JsonValue Changed)> Changes(JsonValue value, string place)
    {
        switch (value)
        {
            case JsonText text:
                yield return (place, text.Value + "1");
                break;
            case JsonInteger integer:
                yield return (place, new JsonInteger(integer.Value + 1));
                break;
            case JsonArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    foreach (var (inner, changed) in Changes(array[i], $"{place}[{i}]"))
                        yield return (inner, new JsonArray(array.Elements.Select((element, at) => at == i ? changed : element)));
                }

                break;
            case JsonObject members:
                foreach (var (name, member) in members.Members)
                {
                    if (NotRecomputable.Contains(name)) continue;
                    foreach (var (inner, changed) in Changes(member, $"{place}.{name}")) yield return (inner, members.With(name, changed));
                }

                break;
        }
    }

    private static (JsonObject EventCar, JsonObject Reward) Build()
    {
        var signals = Enumerable.Range(0, 12).Select(i =>
            $$"""{"event_ts":"2026-01-05T14:{{30 + (i / 3)}}:00Z","symbol":"S{{i % 3}}","payload":"""
            + $$"""{"price":"{{100 + (i * i % 7)}}.5","rsi":1},"seq":{{i}}}""");
        var sorted = SortedSignals.Of(SignalsDocument.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', signals)}]")));
        var eventCar = EventCarArtifact.Build("run-1", sorted, GeneratedAt);
        var decisions = (JsonArray)JsonValue.Read(
            """
            [{"strategy_id":"a","symbol":"S0","event_ts":"2026-01-05T14:30:00Z","action":"buy","rationale":"r"},
             {"strategy_id":"a","symbol":"S1","event_ts":"2026-01-05T14:31:00Z","action":"sell",
              "params":{"event_type":"technical_indicator"}},
             {"strategy_id":"b","symbol":"S2","event_ts":"2026-01-05T14:59:00Z","action":"sell","params":{"event_type":"earnings"}}]
            """u8.ToArray());
        var reward = HgrmRewardArtifact.Build("cand-1", eventCar, RewardedDecision.Read(decisions), GeneratedAt);
        return ((JsonObject)JsonValue.Read(eventCar.ToBytes()), (JsonObject)JsonValue.Read(reward.ToBytes()));
    }
}
