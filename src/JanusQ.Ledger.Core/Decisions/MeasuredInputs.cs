using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>
/// The measurements of the gate inputs (ledger.md section 4, "What the gates see"), taken from the artifacts as lane.md section 17 says;
/// what is in none of them is absent. A run's own gate inputs must say the same.
/// </summary>
internal sealed class MeasuredInputs
{
    private const string Evidence = "profitability_evidence";

    private static readonly string[] Members =
    [
        "feature_schema_version", "required_feature_null_rate", "staleness_ms_p95", "symbol_coverage", "metrics", "robustness",
        "tca_metrics", "llm_metrics", "forecast_metrics", Evidence, "fragility_state", "fragility_score", "stability_mode_active",
    ];

    private readonly LaneRunStarted _start;
    private readonly EvaluationArtifacts _artifacts;
    private readonly VerifiedContent _content;
    private readonly Dictionary<string, JsonValue> _measured = new(StringComparer.Ordinal);

    private MeasuredInputs(LaneRunStarted start, EvaluationArtifacts artifacts, VerifiedContent content)
    {
        _start = start;
        _artifacts = artifacts;
        _content = content;
        MeasureSignals();
        if (artifacts.Parsed(LanePaths.EvaluationReport) is { } report)
        {
            Metrics = report["metrics"].ObjectOrEmpty();
            Robustness = report["robustness"].ObjectOrEmpty();
            Take("metrics", report["metrics"]);
            Take("robustness", report["robustness"]);
        }

        Take("tca_metrics", Given(start.Documents.TcaMetrics, GateInputsDocument.NoOrders));
        Take("llm_metrics", Given(start.Documents.LlmMetrics, GateInputsDocument.NoLanguageModel));
        Take("forecast_metrics", Given(start.Documents.ForecastMetrics, JsonObject.Empty));
        Take(Evidence, MeasureEvidence());
        MeasureFragility();
        SummarizeJanus();
    }

    /// <summary>The measurements in contract order: of the run's own gate inputs if it brought any, else of the artifacts.</summary>
    public JsonObject Document { get; private set; } = JsonObject.Empty;

    /// <summary>Number of signals; none where they cannot be read.</summary>
    public int? SignalCount { get; private set; }

    /// <summary>The metrics of the evaluation report.</summary>
    public JsonObject Metrics { get; } = JsonObject.Empty;

    /// <summary>The robustness of the evaluation report.</summary>
    public JsonObject Robustness { get; } = JsonObject.Empty;

    /// <summary>Number of records of the event/CAR artifact.</summary>
    public int EventCount { get; private set; }

    /// <summary>Number of rewards of the reward artifact.</summary>
    public int RewardCount { get; private set; }

    /// <summary>The evidence summary, computed again from the items of both Janus artifacts; none without either of them.</summary>
    public EvidenceSummary? Janus { get; private set; }

    /// <summary>Takes the measurements of an evaluation, and compares the run's own gate inputs with them.</summary>
    public static MeasuredInputs Of(Evaluation evaluation, EvaluationArtifacts artifacts, VerifiedContent content, StepFindings findings)
    {
        var measured = new MeasuredInputs(evaluation.Start, artifacts, content);
        measured.Settle(findings);
        return measured;
    }

    private void Settle(StepFindings findings)
    {
        var brought = _artifacts.Parsed(LanePaths.GateInputs);
        if (brought is null && _artifacts.Recorded.Find(LanePaths.GateInputs) is not null)
            findings.Add(LedgerReasons.GateInputsInvalid, ("path", LanePaths.GateInputs));
        var chosen = new List<KeyValuePair<string, JsonValue>>();
        foreach (var member in Members)
        {
            var value = brought is null ? _measured.GetValueOrDefault(member) : brought[member];
            if (value is not null) chosen.Add(KeyValuePair.Create(member, value));
            if (brought is not null) Compare(member, brought[member], _measured.GetValueOrDefault(member), findings);
        }

        Document = new JsonObject(chosen);
        CompareJanus(findings);
    }

    private static void Compare(string member, JsonValue? brought, JsonValue? measured, StepFindings findings)
    {
        foreach (var difference in JsonDifference.Between(OrNull(brought), OrNull(measured)))
        {
            var place = difference.Path.Length == 0 || difference.Path[0] == '[' ? difference.Path : "." + difference.Path;
            Disagree(member + place, difference, findings);
        }
    }

    /// <summary>The block that gate 6 sees must be the one that the Janus artifacts give.</summary>
    private void CompareJanus(StepFindings findings)
    {
        if (Document[Evidence] is not JsonObject evidence || Janus is null) return;
        foreach (var difference in JsonDifference.Between(OrNull(evidence["janus_q"]), Janus.Json))
            Disagree($"{Evidence}.janus_q" + (difference.Path.Length == 0 ? "" : "." + difference.Path), difference, findings);
    }

    private static void Disagree(string member, JsonDifference difference, StepFindings findings) => findings.Add(
        LedgerReasons.GateInputsInconsistent,
        ("member", member),
        ("gate_inputs", StepFindings.Describe(difference.Recorded)),
        ("artifact", StepFindings.Describe(difference.Derived)));

    private static JsonValue OrNull(JsonValue? value) => value ?? JsonValue.Null;

    private void Take(string member, JsonValue? value)
    {
        if (value is not null) _measured[member] = value;
    }

    private void MeasureSignals()
    {
        if (_content.Find(_start.SignalsSha256) is not { } bytes) return;
        try
        {
            var signals = SortedSignals.Of(SignalsDocument.Read(bytes));
            SignalCount = signals.Count;
            if (signals.Count == 0) return;
            var pass = SignalPass.Over(signals, [], [], 1);
            Take("feature_schema_version", FeatureReader.SchemaVersion);
            Take("required_feature_null_rate", GateInputsDocument.NullRate(pass, signals.Count));
            Take("staleness_ms_p95", pass.StalenessMsP95);
            Take("symbol_coverage", signals.SymbolCount);
        }
        catch (Exception unreadable) when (unreadable is RefusedException or DecimalRangeException)
        {
            // No lane can have measured signals that cannot be read: what they would give stays absent, and the gates name it.
        }
    }

    /// <summary>An optional document as it is; the usual value where none was given, nothing where it is not stored.</summary>
    private JsonObject? Given(Sha256Hash? sha256, JsonObject usual) =>
        sha256 is { } hash ? ReadableArtifacts.ReadObject(_content.Find(hash)) : usual;

    /// <summary>The evidence with the recalibration that was asked for and its validation (lane.md sections 16 and 17).</summary>
    private JsonObject? MeasureEvidence()
    {
        if (_artifacts.Parsed(LanePaths.Evidence) is not { } evidence) return null;
        if (_artifacts.Parsed(LanePaths.Recalibration)?["recalibration_run_id"].NonBlank() is { } recalibration
            && evidence["confidence_calibration"] is JsonObject calibration)
        {
            evidence = evidence.With("confidence_calibration", calibration
                .With("recalibration_run_id", recalibration)
                .With("recalibration_artifact_ref", LanePaths.Recalibration));
        }

        var validation = _artifacts.Parsed(LanePaths.Validation);
        return validation is null ? evidence.Without("validation") : evidence.With("validation", validation);
    }

    private void MeasureFragility()
    {
        if (_artifacts.Parsed(LanePaths.WalkForwardResults)?["folds"] is not JsonArray folds) return;
        var fragility = Fragility.Of(folds.Elements.OfType<JsonObject>()
            .SelectMany(fold => (fold["decisions"] as JsonArray ?? JsonArray.Empty).Elements.OfType<JsonObject>())
            .Select(entry => entry["decision"].ObjectOrEmpty()["params"].ObjectOrEmpty()));
        Take("fragility_state", fragility.State);
        Take("fragility_score", fragility.Score);
        Take("stability_mode_active", fragility.StabilityModeActive);
    }

    private void SummarizeJanus()
    {
        var eventCar = _artifacts.Parsed(LanePaths.EventCar);
        var reward = _artifacts.Parsed(LanePaths.Reward);
        if (eventCar is null && reward is null) return;
        var records = eventCar?["records"] as JsonArray ?? JsonArray.Empty;
        var rewards = reward?["rewards"] as JsonArray ?? JsonArray.Empty;
        EventCount = records.Count;
        RewardCount = rewards.Count;
        Janus = EvidenceSummary.Of(
            (eventCar ?? JsonObject.Empty).With("summary", JanusRecomputation.EventCarSummary(records)),
            LanePaths.EventCar,
            (reward ?? JsonObject.Empty).With("summary", JanusRecomputation.RewardSummary(rewards, records)),
            LanePaths.Reward);
    }
}
