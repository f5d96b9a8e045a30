using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Lane;

public class LaneArtifactsTests
{
    [Theory]
    [InlineData("messy-signals")]
    [InlineData("runtime-errors")]
    [InlineData(LaneCase.StaleRollback)]
    public void What_is_known_of_artifacts_as_built_is_what_their_bytes_say(string name)
    {
        var (inputs, _) = LaneCase.Read(name);
        var signals = SortedSignals.Of(SignalsDocument.Read(inputs.Signals.Bytes));
        var strategies = StrategyConfiguration.Read(inputs.StrategyConfig.Ref, inputs.StrategyConfig.Bytes);
        var decisions = StrategyRuntime.Run(signals, strategies).Decisions.Select(decision => decision.ToRewarded()).ToArray();
        var now = Instant.Parse("2026-02-26");
        var eventCar = EventCarArtifact.Build("run-1", signals, now);
        var reward = HgrmRewardArtifact.Build("cand-1", eventCar, decisions, now);
        var built = new LaneArtifacts(inputs, eventCar, reward);
        var read = new RunArtifacts(
            new Dictionary<string, byte[]> { [LanePaths.EventCar] = eventCar.ToBytes(), [LanePaths.Reward] = reward.ToBytes() });

        var (builtEvents, readEvents) =
            (JanusArtifact.ReadEventCar(built, LanePaths.EventCar)!, JanusArtifact.ReadEventCar(read, LanePaths.EventCar)!);
        Same(readEvents, builtEvents);
        Same(
            JanusArtifact.ReadReward(read, LanePaths.Reward, readEvents)!, JanusArtifact.ReadReward(built, LanePaths.Reward, builtEvents)!);
        Same(JanusArtifact.ReadReward(read, LanePaths.Reward, null)!, JanusArtifact.ReadReward(built, LanePaths.Reward, null)!);
    }

    [Fact]
    public void Bytes_handed_out_while_building_are_those_of_the_file()
    {
        var (inputs, _) = LaneCase.Read("messy-signals");
        var signals = SortedSignals.Of(SignalsDocument.Read(inputs.Signals.Bytes));
        var now = Instant.Parse("2026-02-26");
        using var events = new MemoryStream();
        using var rewards = new MemoryStream();
        using var none = new MemoryStream();
        var eventCar = EventCarArtifact.Build("run-1", signals, now, null, 2, events.Write);
        var decisions = StrategyRuntime.Run(signals, Baseline.Strategies).Decisions.Select(decision => decision.ToRewarded()).ToArray();
        var reward = HgrmRewardArtifact.Build("cand-1", eventCar, decisions, now, 2, rewards.Write);
        var unrewarded = HgrmRewardArtifact.Build("cand-1", eventCar, [], now, 2, none.Write);
        Assert.Equal(eventCar.ToBytes(), events.ToArray());
        Assert.Equal(reward.ToBytes(), rewards.ToArray());
        Assert.Equal(unrewarded.ToBytes(), none.ToArray());
    }

    [Fact]
    public void Only_this_runs_files_and_inputs_are_there()
    {
        var (inputs, _) = LaneCase.Read("messy-signals");
        var eventCar = EventCarArtifact.Build(
            "run-1", SortedSignals.Of(SignalsDocument.Read(inputs.Signals.Bytes)), Instant.Parse("2026-02-26"));
        var artifacts = new LaneArtifacts(inputs, eventCar, HgrmRewardArtifact.Build("cand-1", eventCar, [], Instant.Parse("2026-02-26")));
        Assert.True(artifacts.Contains(inputs.Signals.Ref));
        Assert.False(artifacts.Contains(LanePaths.EvaluationReport));
        artifacts.AddUnread(LanePaths.CandidateSpec);
        Assert.True(artifacts.Contains(LanePaths.CandidateSpec));
        Assert.Null(artifacts.Find(LanePaths.CandidateSpec));
    }

    private static void Same(JanusArtifact expected, JanusArtifact actual)
    {
        Assert.Equal(expected.SchemaVersion, actual.SchemaVersion);
        Assert.Equal(expected.RunId, actual.RunId);
        Assert.Equal(expected.CandidateId, actual.CandidateId);
        Assert.Equal(expected.ManifestHash, actual.ManifestHash);
        Assert.Equal(expected.RecomputedHash, actual.RecomputedHash);
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.MappedCount, actual.MappedCount);
        Assert.Equal(expected.MismatchedFields, actual.MismatchedFields);
    }
}
