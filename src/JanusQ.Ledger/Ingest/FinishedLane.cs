using System.Collections.Immutable;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;

namespace JanusQ.Ledger.Ingest;

/// <summary>A document that entered a lane run, under the name that lane.md section 2 gives it.</summary>
/// <param name="Name">For instance <c>signals</c> or <c>rollback_readiness</c>.</param>
/// <param name="Ref">The ref under which the run knew it.</param>
/// <param name="Content">Its bytes.</param>
public sealed record LaneInputDocument(string Name, string Ref, DocumentContent Content);

/// <summary>
/// What a lane in any language left behind: its emitted files and, where they are known, the documents that entered it. Everything that
/// names itself by a hash or an id is checked before anything is recorded (ledger.md section 4).
/// </summary>
public sealed class FinishedLane
{
    /// <summary>The names of lane.md section 2, in its order; the first three are required for a run and name it.</summary>
    public static readonly ImmutableArray<string> InputNames =
    [
        Signals, StrategyConfig, GatePolicy, "strategy_configmap", "forecast_metrics", "rollback_readiness", "tca_metrics", "llm_metrics",
        "drift_evidence",
    ];

    private const string Signals = "signals";
    private const string StrategyConfig = "strategy_config";
    private const string GatePolicy = "gate_policy";
    private const string InputFolder = "inputs/";

    /// <summary>The names that the evidence gives to the files whose hashes it carries (lane.md section 14).</summary>
    private static readonly ImmutableArray<(string Name, string Path)> HashedFiles =
    [
        ("walkforward_results", LanePaths.WalkForwardResults),
        ("candidate_report", LanePaths.EvaluationReport),
        ("baseline_report", LanePaths.BaselineReport),
        ("janus_event_car", LanePaths.EventCar),
        ("janus_hgrm_reward", LanePaths.Reward),
    ];

    private readonly ImmutableSortedDictionary<string, DocumentContent> _files;
    private readonly ImmutableArray<LaneInputDocument> _inputs;
    private readonly Dictionary<string, JsonObject?> _objects = [];

    private FinishedLane(IReadOnlyDictionary<string, DocumentContent> files, IEnumerable<LaneInputDocument> inputs)
    {
        _files = files.ToImmutableSortedDictionary(StringComparer.Ordinal);
        _inputs = [.. inputs.OrderBy(input => InputNames.IndexOf(input.Name))];
        var report = Document(LanePaths.GateReport)
            ?? throw Refuse(
                "lane_incomplete",
                _files.ContainsKey(LanePaths.GateReport)
                    ? $"{LanePaths.GateReport} is no acceptable JSON object."
                    : $"{LanePaths.GateReport} is not there: it is the last file that a lane writes, so the run is not finished.",
                ("path", LanePaths.GateReport));
        RunId = Text(report, "run_id");
        if (!CandidateIdentity.IsId(RunId)) throw Invalid("run_id", "24 lower-case hex digits");
        CandidateId = CandidateIdentity.CandidateOf(RunId);
        CodeVersion = Text(report, "code_version");
        Target = PromotionTargets.TryRead(report["promotion_target"], out var target)
            ? target
            : throw Invalid("promotion_target", "shadow, paper or live");
        EvaluatedAt = Instant.TryParse(Text(report, "evaluated_at"), out var at)
            ? at
            : throw Invalid("evaluated_at", "a timestamp with its offset");
        CheckNames();
        Hashes = CheckHashes();
        CheckIdentity();
        CheckManifests();
    }

    /// <summary>The run, as its gate report names it and, where the three documents are known, as they make it.</summary>
    public string RunId { get; }

    /// <summary>The candidate of the run.</summary>
    public string CandidateId { get; }

    /// <summary>The target that the run was made for.</summary>
    public PromotionTarget Target { get; }

    /// <summary>The instant that counted as now in the run.</summary>
    public Instant EvaluatedAt { get; }

    /// <summary>The version of the code that ran, as it says.</summary>
    public string CodeVersion { get; }

    private ImmutableDictionary<string, Sha256Hash> Hashes { get; }

    /// <summary>Reads a finished lane and checks it.</summary>
    /// <param name="files">The emitted files by their paths below the artifact root.</param>
    /// <param name="inputs">The documents that entered the run, as far as they are known.</param>
    /// <exception cref="RefusedException">
    /// <c>lane_incomplete</c>, <c>lane_report_invalid</c>, <c>lane_input_unknown</c>, <c>lane_hash_mismatch</c>,
    /// <c>lane_identity_mismatch</c>, <c>lane_manifest_mismatch</c>: with the path or member that is at fault. Nothing is recorded.
    /// </exception>
    public static FinishedLane Read(IReadOnlyDictionary<string, DocumentContent> files, IEnumerable<LaneInputDocument> inputs)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(inputs);
        return new FinishedLane(files, inputs);
    }

    /// <summary>The command that records the run with everything that is there.</summary>
    public SubmitLaneRun ToSubmission(Submitter by)
    {
        ArgumentNullException.ThrowIfNull(by);
        var start = new StartLaneRun
        {
            CandidateId = CandidateId,
            By = by,
            RunId = RunId,
            Target = Target,
            SignalsSha256 = Hashes[Signals],
            StrategyConfigSha256 = Hashes[StrategyConfig],
            GatePolicySha256 = Hashes[GatePolicy],
            Documents = new OptionalDocuments
            {
                StrategyConfigmap = HashOf("strategy_configmap"),
                ForecastMetrics = HashOf("forecast_metrics"),
                RollbackReadiness = HashOf("rollback_readiness"),
                TcaMetrics = HashOf("tca_metrics"),
                LlmMetrics = HashOf("llm_metrics"),
                DriftEvidence = HashOf("drift_evidence"),
            },
            CodeVersion = CodeVersion,
            EvaluatedAt = EvaluatedAt,
            Worker = by.Actor,
        };
        return new SubmitLaneRun(
            start,
            [
                .. _files.Select(file => SubmissionOf(file.Key, file.Value)),
                .. _inputs.Select(input =>
                    new SubmittedArtifact($"{InputFolder}{input.Name}/{input.Ref}", input.Content, MediaTypes.OfPath(input.Ref))),
            ]);
    }

    private SubmittedArtifact SubmissionOf(string path, DocumentContent content) =>
        SubmittedArtifact.Of(path, content, MediaTypes.OfPath(path), SubmittedArtifact.IsJanusArtifact(path) ? Document(path) : null);

    private void CheckNames()
    {
        foreach (var path in _files.Keys)
        {
            if (path.StartsWith(InputFolder, StringComparison.Ordinal) || !CommandValidation.IsArtifactPath(path))
                throw Refuse("lane_report_invalid", $"'{path}' cannot be the path of an emitted file.", ("path", path));
        }

        foreach (var input in _inputs)
        {
            if (!InputNames.Contains(input.Name) || _inputs.Count(other => other.Name == input.Name) > 1)
                throw Refuse(
                    "lane_input_unknown", $"'{input.Name}' is no document of a lane run, or stands twice.", ("document", input.Name));
        }
    }

    /// <summary>The hashes of the three documents that name the run, from the documents or as the evidence states them.</summary>
    private ImmutableDictionary<string, Sha256Hash> CheckHashes()
    {
        var stated = (Document(LanePaths.Evidence)?["reproducibility"] as JsonObject)?["artifact_hashes"] as JsonObject ?? JsonObject.Empty;
        foreach (var (name, path) in HashedFiles)
        {
            if (stated[name] is not { } said) continue;
            if (!_files.TryGetValue(path, out var file)) throw Mismatch(path, said, "no such file");
            if ((said as JsonText)?.Value != file.Sha256.ToString()) throw Mismatch(path, said, file.Sha256.ToString());
        }

        var hashes = ImmutableDictionary.CreateBuilder<string, Sha256Hash>(StringComparer.Ordinal);
        foreach (var name in InputNames[..3])
        {
            var said = (stated[name] as JsonText)?.Value;
            if (HashOf(name) is { } given)
            {
                if (stated[name] is { } any && said != given.ToString()) throw Mismatch(InputFolder + name, any, given.ToString());
                hashes[name] = given;
            }
            else if (Sha256Hash.TryParse(said, out var hash))
            {
                hashes[name] = hash;
            }
            else
            {
                throw Refuse(
                    "lane_input_unknown",
                    $"Neither the document {name} is given nor does {LanePaths.Evidence} state its SHA-256.",
                    ("document", name));
            }
        }

        return hashes.ToImmutable();
    }

    private void CheckIdentity()
    {
        foreach (var (path, member, expected) in new[]
        {
            (LanePaths.Evidence, "run_id", RunId), (LanePaths.Evidence, "candidate_id", CandidateId),
            (LanePaths.CandidateSpec, "run_id", RunId), (LanePaths.CandidateSpec, "candidate_id", CandidateId),
            (LanePaths.EventCar, "run_id", RunId), (LanePaths.Reward, "run_id", RunId), (LanePaths.Reward, "candidate_id", CandidateId),
        })
        {
            if (Document(path) is not { } document) continue;
            if ((document[member] as JsonText)?.Value != expected) throw OtherRun(path, member, document[member], expected);
        }

        if (Content(Signals) is not { } signals || Content(StrategyConfig) is not { } strategies || Content(GatePolicy) is not { } policy)
            return;
        var identity = LaneIdentity.Of(signals.Bytes.Span, strategies.Bytes.Span, policy.Bytes.Span, Target.Name());
        if (identity.RunId != RunId) throw OtherRun(LanePaths.GateReport, "run_id", RunId, identity.RunId);
    }

    private void CheckManifests()
    {
        var (eventCar, reward) = (Document(LanePaths.EventCar), Document(LanePaths.Reward));
        var findings = (eventCar is null
            ? []
            : ArtifactVerification.VerifyEventCar(eventCar).Select(finding => (Path: LanePaths.EventCar, finding)))
            .Concat(reward is null
                ? []
                : ArtifactVerification.VerifyReward(reward, eventCar).Select(finding => (Path: LanePaths.Reward, finding)))
            .ToArray();
        if (findings.Length == 0) return;
        var (path, first) = findings[0];
        throw Refuse(
            "lane_manifest_mismatch",
            $"{path} does not follow from its own entries, in {findings.Length} place{(findings.Length == 1 ? "" : "s")}; first {first}.",
            ("path", path),
            ("place", first.Place));
    }

    private JsonObject? Document(string path)
    {
        if (_objects.TryGetValue(path, out var known)) return known;
        var read = _files.TryGetValue(path, out var content) && JsonValue.TryRead(content.Bytes.ToArray(), out var value, out _)
            ? value as JsonObject
            : null;
        return _objects[path] = read;
    }

    private DocumentContent? Content(string name) => _inputs.FirstOrDefault(input => input.Name == name)?.Content;

    private Sha256Hash? HashOf(string name) => Content(name)?.Sha256;

    private static string Text(JsonObject report, string member) =>
        report[member] is JsonText { Value.Length: > 0 } text ? text.Value : throw Invalid(member, "a text");

    private static RefusedException Invalid(string member, string expected) => Refuse(
        "lane_report_invalid", $"{LanePaths.GateReport}: {member}: expected {expected}.", ("path", LanePaths.GateReport),
        ("field", member));

    private static RefusedException Mismatch(string path, JsonValue stated, string found) => Refuse(
        "lane_hash_mismatch", $"{LanePaths.Evidence} states the SHA-256 of {path} as {stated}; found {found}.", ("path", path));

    private static RefusedException OtherRun(string path, string member, JsonValue? found, string expected) => Refuse(
        "lane_identity_mismatch",
        $"{path}: {member}: expected {expected}, found {found?.ToString() ?? "nothing"}.",
        ("path", path),
        ("field", member));

    private static RefusedException Refuse(string code, string explanation, params ReadOnlySpan<(string Name, JsonValue Value)> members)
    {
        var refusal = new Refusal(code, explanation);
        foreach (var (name, value) in members) refusal = refusal.With(name, value);
        return new RefusedException(refusal);
    }
}
