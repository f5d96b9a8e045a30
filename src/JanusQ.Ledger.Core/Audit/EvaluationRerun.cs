using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Core.Audit;

/// <summary>
/// An evaluation as it is recorded, to run its lane again and compare every file that it emitted (audit.md section 4, <c>--deep</c>). The
/// documents that entered are the artifacts under <c>inputs/NAME/REF</c> whose bytes the start of the evaluation names by hash.
/// </summary>
public sealed class EvaluationRerun
{
    private const string InputFolder = "inputs/";

    private readonly LaneRunStarted _start;
    private readonly ImmutableArray<(EventPlace At, ArtifactEmitted Artifact)> _artifacts;
    private readonly EventPlace? _completedAt;

    private EvaluationRerun(
        EventPlace startedAt, LaneRunStarted start, ImmutableArray<(EventPlace, ArtifactEmitted)> artifacts, EventPlace? completedAt)
    {
        StartedAt = startedAt;
        _start = start;
        _artifacts = artifacts;
        _completedAt = completedAt;
    }

    /// <summary>The evaluation.</summary>
    public string EvaluationId => _start.EvaluationId;

    /// <summary>Where its start stands.</summary>
    public EventPlace StartedAt { get; }

    /// <summary>Where its last event stands: its completion, or its start where it has not come to that.</summary>
    public EventPlace EndedAt => _completedAt ?? StartedAt;

    /// <summary>Every evaluation of a candidate, in the order of their starts.</summary>
    /// <param name="history">All events of its stream, in order.</param>
    public static IEnumerable<EvaluationRerun> AllOf(IReadOnlyList<PlacedEvent> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        foreach (var (at, happened) in history)
        {
            if (happened is not LaneRunStarted start) continue;
            var emitted = history.Where(one => one.Happened is ArtifactEmitted artifact && artifact.EvaluationId == start.EvaluationId)
                .Select(one => (one.At, (ArtifactEmitted)one.Happened)).ToImmutableArray();
            var completed = history.Where(one => one.Happened is LaneRunCompleted end && end.EvaluationId == start.EvaluationId)
                .Select(one => (EventPlace?)one.At).FirstOrDefault();
            yield return new EvaluationRerun(at, start, emitted, completed);
        }
    }

    /// <summary>Whether it can be run again, as far as the events say.</summary>
    /// <param name="codeVersions">The versions of the code that whoever runs it reproduces.</param>
    /// <param name="documents">The documents to read; those that are not needed to run it are optional.</param>
    /// <param name="obstacle">
    /// <c>evaluation_not_completed</c>, <c>code_version_not_reproduced</c>, <c>input_not_recorded</c>, <c>input_ambiguous</c> or
    /// <c>approval_token_unknown</c>.
    /// </param>
    public bool TryPlan(
        IReadOnlyCollection<string> codeVersions,
        [NotNullWhen(true)] out RerunDocuments? documents,
        [NotNullWhen(false)] out Refusal? obstacle)
    {
        ArgumentNullException.ThrowIfNull(codeVersions);
        documents = null;
        if (_completedAt is null)
        {
            obstacle = new Refusal("evaluation_not_completed", "It was started and has not come to an end.");
            return false;
        }

        if (!codeVersions.Contains(_start.CodeVersion, StringComparer.Ordinal))
        {
            obstacle = new Refusal(
                "code_version_not_reproduced",
                $"It was made by the code version '{_start.CodeVersion}', which this build is not and was not said to reproduce.");
            return false;
        }

        var inputs = ImmutableArray.CreateBuilder<RerunInput>();
        foreach (var (name, hash) in NamedInputs())
        {
            if (hash is not { } sha256) continue;
            var folder = $"{InputFolder}{name}/";
            var references = _artifacts
                .Where(one => one.Artifact.Sha256 == sha256 && one.Artifact.Path.StartsWith(folder, StringComparison.Ordinal))
                .Select(one => one.Artifact.Path[folder.Length..]).Distinct(StringComparer.Ordinal).ToArray();
            if (references is not [var reference])
            {
                obstacle = references.Length == 0
                    ? new Refusal("input_not_recorded", $"No artifact under {folder} has the hash {sha256} that its start names.")
                    : new Refusal("input_ambiguous", $"Its {name} stands under {references.Length} names, and the lane knew it by one.");
                return false;
            }

            inputs.Add(new RerunInput(name, reference, sha256));
        }

        var gateInputs = _artifacts.Where(one => one.Artifact.Path == LanePaths.GateInputs)
            .Select(one => (Sha256Hash?)one.Artifact.Sha256).FirstOrDefault();
        obstacle = gateInputs is null && _start.Target == PromotionTarget.Live ? TokenUnknown() : null;
        if (obstacle is null) documents = new RerunDocuments(inputs.ToImmutable(), gateInputs);
        return documents is not null;
    }

    /// <summary>Runs the lane again and compares what it emits with what is recorded.</summary>
    /// <param name="documents">The documents as <see cref="TryPlan"/> names them.</param>
    /// <param name="read">The bytes of a document. Of an optional one there may be none.</param>
    /// <param name="findings">What is not as the lane makes it.</param>
    /// <param name="obstacle">
    /// <c>approval_token_unknown</c>: the token that was presented for live stands in the gate inputs only, and those cannot be read.
    /// </param>
    public bool TryRun(
        RerunDocuments documents,
        Func<Sha256Hash, byte[]?> read,
        out ImmutableArray<AuditFinding> findings,
        [NotNullWhen(false)] out Refusal? obstacle)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(read);
        findings = [];
        var isTokenKnown = TryToken(documents.GateInputs is { } gateInputs ? read(gateInputs) : null, out var token);
        obstacle = !isTokenKnown && _start.Target == PromotionTarget.Live ? TokenUnknown() : null;
        if (obstacle is not null) return false;
        LaneDocument? Given(string name) => documents.Inputs.FirstOrDefault(input => input.Name == name) is { } input
            ? new LaneDocument(input.Ref, read(input.Sha256) ?? throw new ArgumentException($"There is no {name}.", nameof(read)))
            : null;
        var inputs = new LaneInputs
        {
            Signals = Given("signals")!,
            StrategyConfig = Given("strategy_config")!,
            GatePolicy = Given("gate_policy")!,
            StrategyConfigMap = Given("strategy_configmap"),
            ForecastMetrics = Given("forecast_metrics"),
            RollbackReadiness = Given("rollback_readiness"),
            TcaMetrics = Given("tca_metrics"),
            LlmMetrics = Given("llm_metrics"),
            DriftEvidence = Given("drift_evidence"),
        };
        var arguments = new LaneArguments
        {
            PromotionTarget = _start.Target.Name(),
            EvaluatedAt = _start.EvaluatedAt.ToString(),
            CodeVersion = _start.CodeVersion,
            ApprovalToken = token,
        };
        findings = Run(inputs, arguments);
        return true;
    }

    private ImmutableArray<AuditFinding> Run(LaneInputs inputs, LaneArguments arguments)
    {
        LaneOutcome outcome;
        try
        {
            outcome = LaneRun.Execute(inputs, arguments);
        }
        catch (RefusedException refused)
        {
            return
            [
                Finding(
                    AuditCodes.EvaluationNotReproduced, EndedAt, null, "inputs that the lane takes",
                    $"{refused.Refusal.Code}: {refused.Refusal.Explanation}"),
            ];
        }

        var findings = ImmutableArray.CreateBuilder<AuditFinding>();
        if (outcome.Identity.RunId != _start.RunId)
            findings.Add(Finding(AuditCodes.EvaluationNotReproduced, StartedAt, "run_id", outcome.Identity.RunId, _start.RunId));
        var emitted = outcome.Files.Append(outcome.GateInputsFile).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var recorded = _artifacts.Where(one => !one.Artifact.Path.StartsWith(InputFolder, StringComparison.Ordinal)).ToArray();
        foreach (var (at, artifact) in recorded)
        {
            var found = Of(artifact.Size, artifact.Sha256);
            if (!emitted.TryGetValue(artifact.Path, out var file))
                findings.Add(Finding(AuditCodes.EvaluationFileUnexpected, at, artifact.Path, "no such file", found));
            else if (file.Hash != artifact.Sha256 || file.Size != artifact.Size)
                findings.Add(Finding(AuditCodes.EvaluationFileDiffers, at, artifact.Path, Of(file.Size, file.Hash), found));
        }

        // A lane in another language need not leave the gate inputs behind: they are not among the files of the contract.
        var known = recorded.Select(one => one.Artifact.Path).Append(LanePaths.GateInputs).ToHashSet(StringComparer.Ordinal);
        foreach (var file in emitted.Values.Where(file => !known.Contains(file.Path)))
            findings.Add(Finding(AuditCodes.EvaluationFileMissing, EndedAt, file.Path, Of(file.Size, file.Hash), "no such file"));
        return findings.ToImmutable();
    }

    private AuditFinding Finding(string code, EventPlace at, string? what, string expected, string found) =>
        new(AuditCheck.Research, code, expected, found)
        {
            At = at,
            Subject = what is null ? $"evaluation {EvaluationId}" : $"evaluation {EvaluationId} {what}",
        };

    private IEnumerable<(string Name, Sha256Hash? Sha256)> NamedInputs() =>
    [
        ("signals", _start.SignalsSha256),
        ("strategy_config", _start.StrategyConfigSha256),
        ("gate_policy", _start.GatePolicySha256),
        ("strategy_configmap", _start.Documents.StrategyConfigmap),
        ("forecast_metrics", _start.Documents.ForecastMetrics),
        ("rollback_readiness", _start.Documents.RollbackReadiness),
        ("tca_metrics", _start.Documents.TcaMetrics),
        ("llm_metrics", _start.Documents.LlmMetrics),
        ("drift_evidence", _start.Documents.DriftEvidence),
    ];

    /// <summary>The token that was presented, an argument of the run that stands in what its gates saw and nowhere else.</summary>
    private static bool TryToken(byte[]? gateInputs, out string? token)
    {
        token = null;
        if (gateInputs is null || !JsonValue.TryRead(gateInputs, out var value, out _) || value is not JsonObject document) return false;
        token = (document["approval_token"] as JsonText)?.Value;
        return document["approval_token"] is JsonText or JsonNull;
    }

    private static Refusal TokenUnknown() => new(
        "approval_token_unknown",
        "It asks for live, and the approval token that was presented to it is known from "
            + $"{LanePaths.GateInputs} only, which is not there or unreadable.");

    private static string Of(long size, Sha256Hash hash) => $"{size} bytes with the SHA-256 {hash}";
}

/// <summary>A document that entered a run.</summary>
/// <param name="Name">Its name (lane.md section 2).</param>
/// <param name="Ref">The ref under which the run knew it.</param>
/// <param name="Sha256">The hash of its bytes.</param>
public sealed record RerunInput(string Name, string Ref, Sha256Hash Sha256);

/// <summary>What has to be read to run an evaluation again.</summary>
/// <param name="Inputs">The documents that entered, all of them needed.</param>
/// <param name="GateInputs">What the gates saw, with the approval token that was presented; optional.</param>
public sealed record RerunDocuments(ImmutableArray<RerunInput> Inputs, Sha256Hash? GateInputs);
