using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Tests.Promotion;

/// <summary>The Janus artifacts of a run that is under way count as they were built, and as their files do.</summary>
public class ArtifactsUnderWayTests
{
    private static readonly PassingRun Run = PassingRun.Live;

    private static readonly (EventCarArtifact EventCar, HgrmRewardArtifact Reward) Built = PassingRun.BuildJanus("run-1", "cand-1");

    [Fact]
    public void what_was_built_counts_and_its_files_are_not_read() => Assert.Equal(
        CanonicalJson.Text(Run.Prerequisites().ToJson()), CanonicalJson.Text(Evaluate(Built.EventCar, Built.Reward, Unread).ToJson()));

    [Fact]
    public void what_was_built_for_another_run_or_candidate_is_found()
    {
        var (eventCar, reward) = PassingRun.BuildJanus("run-2", "cand-2");
        var result = Evaluate(eventCar, reward, Unread);
        Assert.Equal(
            ["janus_event_car_run_mismatch", "janus_hgrm_reward_run_mismatch"],
            result.Reasons.Where(reason => reason != "janus_q_evidence_manifest_mismatch"));
        Assert.Equal(["run_id"], Fields(result, "janus_event_car_run_mismatch"));
        Assert.Equal(["candidate_id", "run_id"], Fields(result, "janus_hgrm_reward_run_mismatch"));
    }

    [Fact]
    public void rewards_that_were_not_built_are_read_and_meet_the_records_of_the_file()
    {
        Assert.True(Evaluate(Built.EventCar, null, path => Run.RunArtifacts.Find(path)).Allowed);
        Assert.Equal(["janus_hgrm_reward_artifact_missing"], Evaluate(Built.EventCar, null, Unread).Reasons);
        var reasons = Evaluate(
            Built.EventCar, null, path => path == PassingRun.EventCarPath ? null : Run.RunArtifacts.Find(path)).Reasons;
        Assert.Contains("janus_hgrm_reward_summary_mismatch", reasons);
    }

    [Fact]
    public void rewards_that_were_built_count_where_there_is_no_event_artifact_and_not_beside_one_from_a_file()
    {
        Assert.Equal(["janus_event_car_artifact_missing"], Evaluate(null, Built.Reward, Unread).Reasons);
        Assert.Equal(
            ["janus_hgrm_reward_artifact_missing"],
            Evaluate(null, Built.Reward, path => path == PassingRun.RewardPath ? null : Run.RunArtifacts.Find(path)).Reasons);
    }

    private static byte[]? Unread(string path) =>
        path is PassingRun.EventCarPath or PassingRun.RewardPath ? null : Run.RunArtifacts.Find(path);

    private static IEnumerable<string> Fields(PrerequisitesResult result, string reason) =>
        Assert.Single(result.ReasonDetails, detail => detail["reason"].TextOf() == reason)["fields"].TextsOf();

    private static PrerequisitesResult Evaluate(EventCarArtifact? eventCar, HgrmRewardArtifact? reward, Func<string, byte[]?> find) =>
        Prerequisites.Evaluate(Run.EffectivePolicy, Run.MakeReport(), Run.State, Run.Target, new UnderWay(eventCar, reward, find));

    private sealed class UnderWay(EventCarArtifact? eventCar, HgrmRewardArtifact? reward, Func<string, byte[]?> find) : IArtifactsUnderWay
    {
        public bool Contains(string path) => Run.RunArtifacts.Contains(path);

        public byte[]? Find(string path) => find(path);

        public EventCarArtifact? BuiltEventCar(string path) => path == PassingRun.EventCarPath ? eventCar : null;

        public HgrmRewardArtifact? BuiltReward(string path) => path == PassingRun.RewardPath ? reward : null;
    }
}
