using System.Globalization;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Core.Tests.Lane;

public class LaneRunTests
{
    public static TheoryData<string, string, int> Surroundings => new()
    {
        { "tr-TR", "Asia/Kolkata", 1 },
        { "de-DE", "America/New_York", 2 },
        { "fa-IR", "Pacific/Chatham", 8 },
    };

    [Theory]
    [MemberData(nameof(Surroundings))]
    public void Every_case_emits_the_same_bytes_in_any_culture_time_zone_and_number_of_threads(string culture, string timeZone, int threads)
    {
        var expected = LaneCase.All.Select(name => Spell(name, 1)).ToArray();
        var before = (CultureInfo.CurrentCulture, Environment.GetEnvironmentVariable("TZ"));
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Environment.SetEnvironmentVariable("TZ", timeZone);
            TimeZoneInfo.ClearCachedData();
            Assert.Equal(expected, LaneCase.All.Select(name => Spell(name, threads)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before.CurrentCulture;
            Environment.SetEnvironmentVariable("TZ", before.Item2);
            TimeZoneInfo.ClearCachedData();
        }
    }

    [Fact]
    public void Files_stand_in_contract_order_and_the_gate_report_is_the_last()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        Assert.Equal(
        [
            LanePaths.WalkForwardResults, LanePaths.EvaluationReport, LanePaths.BaselineReport, LanePaths.EventCar, LanePaths.Reward,
            LanePaths.Benchmark,
            LanePaths.Evidence, LanePaths.Validation, LanePaths.Recalibration, LanePaths.PaperPatch, LanePaths.Prerequisites,
            LanePaths.RollbackReadiness, LanePaths.CandidateSpec, LanePaths.EvidenceGate, LanePaths.GateReport,
        ], LaneRun.Execute(inputs, arguments).Files.Select(file => file.Path));
    }

    [Fact]
    public void Sealed_files_carry_hash_and_size_of_their_bytes_and_spell_them_again()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var outcome = LaneRun.Execute(inputs, arguments);
        foreach (var file in outcome.Files.Append(outcome.GateInputsFile))
        {
            var bytes = file.ToBytes();
            Assert.Equal(Sha256Hash.Of(bytes), file.Hash);
            Assert.Equal(bytes.Length, file.Size);
            Assert.Equal(bytes, file.ToBytes());
        }

        var eventCar = outcome.Files.Single(file => file.Path == LanePaths.EventCar);
        Assert.Equal(EventCarArtifact.SchemaVersion, eventCar.SchemaVersion);
        Assert.NotNull(eventCar.ManifestHash);
    }

    [Fact]
    public void The_identity_needs_no_run()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var identity = LaneIdentity.Of(inputs.Signals.Bytes, inputs.StrategyConfig.Bytes, inputs.GatePolicy.Bytes, "paper");
        Assert.Equal(identity, LaneRun.Execute(inputs, arguments).Identity);
    }

    [Fact]
    public void Progress_names_every_step_once_in_order()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var steps = new List<LaneProgress>();
        LaneRun.Execute(inputs, arguments, new LaneOptions { Progress = steps.Add });
        Assert.Equal(Enum.GetValues<LaneStep>(), steps.Select(progress => progress.Step));
        Assert.Equal(Enumerable.Range(1, steps.Count), steps.Select(progress => progress.Number));
        Assert.All(steps, progress => Assert.Equal(steps.Count, progress.Of));
    }

    [Fact]
    public void Two_runs_of_one_id_can_differ_in_their_facts()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var promoted = LaneRun.Execute(inputs, arguments);
        var denied = LaneRun.Execute(inputs with { RollbackReadiness = null }, arguments);
        Assert.Equal(promoted.Identity, denied.Identity);
        Assert.True(promoted.Recommendation.Eligible);
        Assert.False(denied.Recommendation.Eligible);
        Assert.NotEqual(promoted.Recommendation.TraceId, denied.Recommendation.TraceId);
    }

    [Fact]
    public void Decisions_that_differ_only_in_the_zone_of_their_signals_do_not_differ()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var signals = (JsonArray)JsonValue.Read(inputs.Signals.Bytes);
        var spelled = new JsonArray(signals.Elements.Cast<JsonObject>().Select(signal => signal.With(
            "event_ts", ((JsonText)signal["event_ts"]!).Value.Replace("Z", "+00:00", StringComparison.Ordinal))));
        var one = LaneRun.Execute(inputs, arguments).Files[0];
        var other = LaneRun.Execute(inputs with { Signals = LaneCase.Document("signals.json", spelled) }, arguments).Files[0];
        Assert.Equal(one.Hash, other.Hash);
    }

    private static string Spell(string name, int threads)
    {
        var (inputs, arguments) = LaneCase.Read(name);
        try
        {
            var outcome = LaneRun.Execute(inputs, arguments, new LaneOptions { Threads = threads });
            return name + ' ' + string.Join(' ', outcome.Files.Append(outcome.GateInputsFile).Select(file => $"{file.Path}={file.Hash}"));
        }
        catch (RefusedException refused)
        {
            return $"{name} {refused.Refusal.ToJson()}";
        }
    }
}
