using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JasperFx.Events;

namespace JanusQ.Ledger.Compliance;

/// <summary>What the events change in the flat tables. Depends on nothing but the events and their order.</summary>
/// <param name="schema">
/// The schema that the tables are in: a rebuild writes to tables of the same names beside the ones that are read.
/// </param>
internal sealed class ComplianceRows(string schema)
{
    /// <summary>The changes of some events that follow on what is in the tables, in order.</summary>
    /// <exception cref="UnknownCandidateEventException">An event is of a kind that the tables do not know.</exception>
    public IReadOnlyList<RowChange> Of(IReadOnlyList<IEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var changes = new List<RowChange>();
        if (events.Count == 0) return changes;

        // First: whoever holds this table's lock knows that no other of the tables is being written.
        if (events[^1].Data is not LedgerEvent last) throw Unknown(events[^1]);
        changes.Add(RowChange.Put(
            $"{schema}.completeness", 1,
            ("projection", ComplianceProjection.Name), ("last_sequence", events[^1].Sequence), ("last_event_at", last.At)));

        // Version, instant and sequence of a candidate's latest event are written once for many events.
        var latest = new Dictionary<string, IEvent>(StringComparer.Ordinal);
        foreach (var recorded in events)
            if (recorded.Data is CandidateEvent) latest[recorded.StreamKey!] = recorded;
        var touched = new HashSet<string>(StringComparer.Ordinal);
        var submitters = new HashSet<(string, string, string)>();
        foreach (var recorded in events)
        {
            switch (recorded.Data)
            {
                case CandidateEvent happened:
                    if (touched.Add(recorded.StreamKey!)) changes.Add(Touch(recorded, latest[recorded.StreamKey!]));
                    changes.AddRange(new OfCandidate(schema, recorded, submitters).Of(happened));
                    break;
                case ChampionEvent happened:
                    changes.Add(Of(happened, recorded.Sequence));
                    break;
                case PolicyEvent happened:
                    changes.AddRange(Of(happened, recorded));
                    break;
                case SafetyEvent happened:
                    changes.AddRange(Of(happened, recorded.Sequence));
                    break;
                default:
                    throw Unknown(recorded);
            }
        }

        return changes;
    }

    private static UnknownCandidateEventException Unknown(IEvent recorded) =>
        new($"The compliance tables do not know the {recorded.EventTypeName} that the stream {recorded.StreamKey} holds.");

    private RowChange Touch(IEvent first, IEvent last)
    {
        var candidateId = CandidateIdentity.CandidateOfStream(first.StreamKey!);
        return RowChange.Run(
            $"""
            insert into {schema}.candidates
                (candidate_id, progress, role, champion_of, registered_at, changed_at, version, last_reasons, conflict_count, last_sequence)
            values (?, 'registered', 'challenger', array[]::text[], ?, ?, ?, array[]::text[], 0, ?)
            on conflict (candidate_id) do update
            set changed_at = excluded.changed_at, version = excluded.version, last_sequence = excluded.last_sequence
            """,
            candidateId, ((LedgerEvent)first.Data).At, ((LedgerEvent)last.Data).At, last.Version, last.Sequence);
    }

    private RowChange Of(ChampionEvent happened, long sequence) => happened switch
    {
        ChampionInstalled installed => RowChange.Put(
            $"{schema}.champions", 1,
            ("installed_sequence", sequence), ("target", installed.Target), ("candidate_id", installed.CandidateId),
            ("decision_id", installed.DecisionId), ("evaluation_id", installed.EvaluationId),
            ("artifact_set_sha256", installed.ArtifactSetSha256), ("predecessor", installed.Predecessor), ("installed_at", installed.At),
            ("installed_by", installed.Actor), ("why", installed.Why)),
        ChampionRemoved removed => RowChange.Run(
            $"""
            update {schema}.champions
            set removed_at = ?, removed_by = ?, removed_decision_id = ?, removed_why = ?, removed_sequence = ?
            where target = ? and candidate_id = ? and removed_at is null and installed_sequence < ?
            """,
            removed.At, removed.Actor, removed.DecisionId, removed.Why, sequence, removed.Target, removed.CandidateId, sequence),
        _ => throw new UnknownCandidateEventException($"The compliance tables do not know {happened.GetType().Name}."),
    };

    private IEnumerable<RowChange> Of(PolicyEvent happened, IEvent recorded)
    {
        var name = recorded.StreamKey![PolicyBook.StreamPrefix.Length..];
        var (version, sequence) = (happened.Version, recorded.Sequence);
        switch (happened)
        {
            case PolicyPublished published:
                yield return RowChange.Run(
                    $"""
                    insert into {schema}.policies
                        (name, version, policy_sha256, policy_version, enables_live, published_at, published_by, note, active,
                        last_sequence)
                    values (?, ?, ?, ?, ?, ?, ?, ?, false, ?) on conflict (name, version) do nothing
                    """,
                    name, version, published.PolicySha256, published.PolicyVersion, published.EnablesLive, published.At, published.Actor,
                    published.Note, sequence);
                break;
            case PolicyActivationApproved approved:
                yield return RowChange.Run(
                    $"""
                    update {schema}.policies set activation_approved_at = ?, activation_approved_by = ?, last_sequence = ?
                    where name = ? and version = ?
                    """,
                    approved.At, approved.Actor, sequence, name, version);
                break;
            case PolicyActivated activated:
                yield return RowChange.Run(
                    $"""
                    update {schema}.policies set active = version = ?, last_sequence = ? where name = ? and (active or version = ?)
                    """,
                    version, sequence, name, version);
                yield return RowChange.Run(
                    $"""
                    update {schema}.policy_activations set active_until = ?
                    where name = ? and active_until is null and activated_sequence < ?
                    """,
                    activated.At, name, sequence);
                yield return RowChange.Put(
                    $"{schema}.policy_activations", 1,
                    ("activated_sequence", sequence), ("name", name), ("version", version), ("policy_sha256", activated.PolicySha256),
                    ("active_from", activated.At), ("activated_by", activated.Actor), ("approved_by", activated.ApprovedBy),
                    ("note", activated.Note));
                break;
            default:
                throw Unknown(recorded);
        }
    }

    private IEnumerable<RowChange> Of(SafetyEvent happened, long sequence)
    {
        RowChange End(string reason) => RowChange.Run(
            $"""
            update {schema}.kill_switch set ended_at = ?, ended_by = ?, end_reason = ?, ended_sequence = ?
            where ended_at is null and engaged_sequence < ?
            """,
            happened.At, happened.Actor, reason, sequence, sequence);

        switch (happened)
        {
            case DrillRecorded drill:
                yield return RowChange.Put(
                    $"{schema}.drills", 1,
                    ("sequence", sequence), ("check_name", drill.Check), ("passed", drill.Passed), ("performed_at", drill.PerformedAt),
                    ("recorded_at", drill.At), ("recorded_by", drill.Actor), ("rollback_target", drill.RollbackTarget),
                    ("evidence_sha256", drill.EvidenceSha256));
                break;
            case KillSwitchEngaged engaged:
                yield return End(engaged.Reason);
                yield return RowChange.Put(
                    $"{schema}.kill_switch", 1,
                    ("engaged_sequence", sequence), ("engaged_at", engaged.At), ("engaged_by", engaged.Actor), ("reason", engaged.Reason));
                break;
            case KillSwitchReleased released:
                yield return End(released.Reason);
                break;
            default:
                throw new UnknownCandidateEventException($"The compliance tables do not know {happened.GetType().Name}.");
        }
    }

    /// <summary>The changes of one event of a candidate.</summary>
    private sealed class OfCandidate(string schema, IEvent recorded, HashSet<(string, string, string)> submitters)
    {
        private readonly string _candidate = CandidateIdentity.CandidateOfStream(recorded.StreamKey!);
        private readonly long _sequence = recorded.Sequence;

        public IEnumerable<RowChange> Of(CandidateEvent happened) => happened switch
        {
            LaneRunStarted started => Started(started),
            ArtifactEmitted emitted => Emitted(emitted),
            LaneRunCompleted completed => Completed(completed),
            LaneRunFailed failed => Failed(failed),
            LaneRunSkipped skipped => Skipped(skipped),
            SubmissionConflicted conflicted => Conflicted(conflicted),
            GateMatrixEvaluated evaluated => GatesEvaluated(evaluated),
            PrerequisitesEvaluated evaluated => PrerequisitesEvaluated(evaluated),
            RollbackReadinessEvaluated evaluated => RollbackEvaluated(evaluated),
            PromotionDecided decided => Decided(decided),
            CandidatePromoted promoted => [Candidate(
                "role = 'champion', champion_of = array_append(array_remove(champion_of, ?), ?)", promoted.Target, promoted.Target)],
            CandidateDemoted demoted => Demoted(demoted),
            CandidatePaused paused => Paused(paused),
            CandidateResumed resumed =>
            [
                EndPause(resumed, resumed.Reason), Candidate("paused_at = null, paused_by = null, pause_reason = null"),
            ],
            ApprovalGranted granted => Granted(granted),
            ApprovalRevoked revoked => [RowChange.Run(
                $"""
                update {schema}.approvals set revoked_at = ?, revoked_by = ?, revoke_reason = ?, last_sequence = ?
                where candidate_id = ? and approval_id = ?
                """,
                revoked.At, revoked.Actor, revoked.Reason, _sequence, _candidate, revoked.ApprovalId)],
            RolledBackEvidenceCleared cleared => [RowChange.Run(
                $"""
                update {schema}.demotions set cleared_at = ?, cleared_by = ?, clear_reason = ?
                where candidate_id = ? and artifact_set_sha256 = ? and rolled_back and cleared_at is null and sequence < ?
                """,
                cleared.At, cleared.Actor, cleared.Reason, _candidate, cleared.ArtifactSetSha256, _sequence)],
            _ => throw Unknown(recorded),
        };

        private RowChange Candidate(string set, params ReadOnlySpan<ColumnValue> values) =>
            RowChange.Run($"update {schema}.candidates set {set} where candidate_id = ?", [.. values, _candidate]);

        private RowChange? Submitted(string evaluationId, CandidateEvent happened) =>
            submitters.Add((_candidate, evaluationId, happened.Actor))
            ? RowChange.Run(
                $"""
                insert into {schema}.submitters (candidate_id, evaluation_id, actor, first_at, first_sequence) values (?, ?, ?, ?, ?)
                on conflict (candidate_id, evaluation_id, actor) do nothing
                """,
                _candidate, evaluationId, happened.Actor, happened.At, _sequence)
            : null;

        private IEnumerable<RowChange> Started(LaneRunStarted started)
        {
            yield return Candidate(
                "progress = 'evaluating', target = ?, last_run_id = ?, last_evaluation_id = ?", started.Target, started.RunId,
                started.EvaluationId);
            yield return RowChange.Put(
                $"{schema}.lane_runs", 2,
                ("candidate_id", _candidate), ("lane_run_id", started.EvaluationId), ("run_id", started.RunId),
                ("evaluation_id", started.EvaluationId), ("status", "running"), ("target", started.Target), ("worker", started.Worker),
                ("code_version", started.CodeVersion), ("evaluated_at", started.EvaluatedAt), ("signals_sha256", started.SignalsSha256),
                ("strategy_config_sha256", started.StrategyConfigSha256), ("gate_policy_sha256", started.GatePolicySha256),
                ("started_at", started.At), ("started_by", started.Actor), ("conflict_count", 0), ("last_sequence", _sequence));
            if (Submitted(started.EvaluationId, started) is { } submitted) yield return submitted;
        }

        private IEnumerable<RowChange> Emitted(ArtifactEmitted emitted)
        {
            yield return RowChange.Put(
                $"{schema}.artifacts", 3,
                ("candidate_id", _candidate), ("evaluation_id", emitted.EvaluationId), ("path", emitted.Path), ("sha256", emitted.Sha256),
                ("size", emitted.Size), ("media_type", emitted.MediaType), ("schema_version", emitted.SchemaVersion),
                ("manifest_hash", emitted.ManifestHash), ("emitted_at", emitted.At), ("emitted_by", emitted.Actor),
                ("sequence", _sequence));
            if (Submitted(emitted.EvaluationId, emitted) is { } submitted) yield return submitted;
        }

        private IEnumerable<RowChange> Completed(LaneRunCompleted completed)
        {
            yield return RowChange.Run(
                $"""
                update {schema}.lane_runs
                set status = 'completed', ended_at = ?, artifact_count = ?, artifact_set_sha256 = ?, last_sequence = ?
                where candidate_id = ? and lane_run_id = ?
                """,
                completed.At, completed.ArtifactCount, completed.ArtifactSetSha256, _sequence, _candidate, completed.EvaluationId);
            yield return Progress("evaluated", completed.EvaluationId);
            if (Submitted(completed.EvaluationId, completed) is { } submitted) yield return submitted;
        }

        private RowChange Progress(string progress, string evaluationId) => RowChange.Run(
            $"update {schema}.candidates set progress = ? where candidate_id = ? and last_evaluation_id = ?", progress, _candidate,
            evaluationId);

        private IEnumerable<RowChange> Failed(LaneRunFailed failed)
        {
            yield return RowChange.Run(
                $"""
                insert into {schema}.lane_runs
                    (candidate_id, lane_run_id, run_id, evaluation_id, status, ended_at, error_code, message, conflict_count, last_sequence)
                values (?, ?, ?, ?, 'failed', ?, ?, ?, 0, ?)
                on conflict (candidate_id, lane_run_id) do update
                set status = excluded.status, ended_at = excluded.ended_at, error_code = excluded.error_code, message = excluded.message,
                    last_sequence = excluded.last_sequence
                """,
                _candidate, failed.EvaluationId ?? failed.RunId, failed.RunId, failed.EvaluationId, failed.At, failed.ErrorCode,
                failed.Message, _sequence);
            yield return failed.EvaluationId is null
                ? Candidate("last_run_id = ?", failed.RunId)
                : Progress("registered", failed.EvaluationId);
        }

        private IEnumerable<RowChange> Skipped(LaneRunSkipped skipped) =>
        [
            RowChange.Run(
                $"""
                insert into {schema}.lane_runs
                    (candidate_id, lane_run_id, run_id, status, ended_at, message, window_start, window_end, conflict_count, last_sequence)
                values (?, ?, ?, 'skipped', ?, ?, ?, ?, 0, ?)
                on conflict (candidate_id, lane_run_id) do update
                set status = excluded.status, ended_at = excluded.ended_at, message = excluded.message,
                    window_start = excluded.window_start, window_end = excluded.window_end, last_sequence = excluded.last_sequence
                """,
                _candidate, skipped.RunId, skipped.RunId, skipped.At, skipped.Reason, skipped.WindowStart, skipped.WindowEnd, _sequence),
            Candidate("last_run_id = ?", skipped.RunId),
        ];

        private IEnumerable<RowChange> Conflicted(SubmissionConflicted conflicted)
        {
            for (var i = 0; i < conflicted.Differences.Length; i++)
            {
                var difference = conflicted.Differences[i];
                yield return RowChange.Put(
                    $"{schema}.conflicts", 2,
                    ("sequence", _sequence), ("ordinal", i + 1), ("candidate_id", _candidate), ("run_id", conflicted.RunId),
                    ("evaluation_id", conflicted.EvaluationId), ("subject", difference.Subject), ("path", difference.Path),
                    ("recorded", difference.Recorded), ("submitted", difference.Submitted), ("submitted_at", conflicted.At),
                    ("submitted_by", conflicted.Actor));
            }

            var laneRun = conflicted.EvaluationId ?? conflicted.RunId;
            yield return RowChange.Run(
                $"""
                insert into {schema}.lane_runs (candidate_id, lane_run_id, run_id, evaluation_id, status, conflict_count, last_sequence)
                select ?, ?, ?, ?, 'conflicted', count(*), ? from {schema}.conflicts
                where candidate_id = ? and coalesce(evaluation_id, run_id) = ?
                on conflict (candidate_id, lane_run_id) do update
                set conflict_count = excluded.conflict_count, last_sequence = excluded.last_sequence
                """,
                _candidate, laneRun, conflicted.RunId, conflicted.EvaluationId, _sequence, _candidate, laneRun);
            yield return Candidate($"conflict_count = (select count(*) from {schema}.conflicts where candidate_id = ?)", _candidate);
        }

        private IEnumerable<RowChange> GatesEvaluated(GateMatrixEvaluated evaluated)
        {
            yield return RowChange.Run(
                $"""
                insert into {schema}.decisions
                    (candidate_id, decision_id, evaluation_id, target, reasons, policy_sha256, gate_inputs_sha256, gate_matrix_version,
                     gates_allowed, recommended_mode, uncertainty_gate_action, coverage_error, shift_score, conformal_interval_width,
                     recalibration_run_id, last_sequence)
                values (?, ?, ?, ?, array[]::text[], ?, ?, ?, ?, ?, ?, ?::numeric, ?::numeric, ?::numeric, ?, ?)
                on conflict (candidate_id, decision_id) do nothing
                """,
                _candidate, evaluated.DecisionId, evaluated.EvaluationId, evaluated.Target, evaluated.PolicySha256,
                evaluated.GateInputsSha256, evaluated.EvaluatorVersion, evaluated.PromotionAllowed, evaluated.RecommendedMode,
                evaluated.UncertaintyGateAction, evaluated.CoverageError, evaluated.ShiftScore, evaluated.ConformalIntervalWidth,
                evaluated.RecalibrationRunId, _sequence);
            if (evaluated.Gates.IsEmpty) yield break;
            var gates = new JsonArray(evaluated.Gates.Select(gate => (JsonValue)JsonObject.Of(
                ("id", gate.GateId), ("status", gate.Status), ("reasons", JsonArray.OfTexts(gate.Reasons)),
                ("refs", JsonArray.OfTexts(gate.ArtifactRefs)))));
            yield return RowChange.Run(
                $"""
                insert into {schema}.gate_results
                    (candidate_id, decision_id, gate_id, ordinal, status, reasons, artifact_refs, target, policy_sha256, evaluated_at,
                    sequence)
                select ?, ?, gate ->> 'id', ordinal, gate ->> 'status', array(select jsonb_array_elements_text(gate -> 'reasons')),
                    array(select jsonb_array_elements_text(gate -> 'refs')), ?, ?, ?, ?
                from jsonb_array_elements(?) with ordinality as gates (gate, ordinal)
                on conflict (candidate_id, decision_id, gate_id) do nothing
                """,
                _candidate, evaluated.DecisionId, evaluated.Target, evaluated.PolicySha256, evaluated.At, _sequence,
                ColumnValue.Json(gates));
        }

        private RowChange Decision(string decisionId, string set, params ReadOnlySpan<ColumnValue> values) => RowChange.Run(
            $"update {schema}.decisions set {set}, last_sequence = ? where candidate_id = ? and decision_id = ?",
            [.. values, _sequence, _candidate, decisionId]);

        private IEnumerable<RowChange> PrerequisitesEvaluated(PrerequisitesEvaluated evaluated) =>
        [
            Decision(
                evaluated.DecisionId, "prerequisites_allowed = ?, missing_artifacts = ?", evaluated.Allowed, evaluated.MissingArtifacts),
        ];

        private IEnumerable<RowChange> RollbackEvaluated(RollbackReadinessEvaluated evaluated)
        {
            yield return Decision(
                evaluated.DecisionId, "rollback_ready = ?, missing_checks = ?", evaluated.Ready, evaluated.MissingChecks);
            foreach (var drill in evaluated.Drills)
            {
                yield return RowChange.Put(
                    $"{schema}.decision_drills", 3,
                    ("candidate_id", _candidate), ("decision_id", evaluated.DecisionId), ("check_name", drill.Check),
                    ("passed", drill.Passed),
                    ("performed_at", drill.PerformedAt), ("performed_by", drill.By), ("evaluated_at", evaluated.At));
            }
        }

        private IEnumerable<RowChange> Decided(PromotionDecided decided)
        {
            var (facts, claimed) = (decided.Facts, decided.Claimed);
            yield return RowChange.Put(
                $"{schema}.decisions", 2,
                ("candidate_id", _candidate), ("decision_id", decided.DecisionId), ("run_id", decided.RunId),
                ("evaluation_id", decided.EvaluationId), ("target", decided.Target), ("action", decided.Action.Name()),
                ("approved_mode", decided.ApprovedMode), ("reasons", decided.Reasons), ("rationale", decided.Rationale),
                ("trace_id", decided.TraceId), ("decided_at", decided.At), ("decided_by", decided.Actor), ("decided_role", decided.Role),
                ("policy_sha256", decided.PolicySha256), ("policy_active", facts.Policies.Any(policy => policy.Active)),
                ("gate_inputs_sha256", decided.GateInputsSha256), ("gate_report_sha256", decided.GateReportSha256),
                ("artifact_set_sha256", decided.ArtifactSetSha256), ("facts_sha256", decided.FactsSha256),
                ("derivation_version", decided.Evaluators.Derivation), ("promotion_checks_version", decided.Evaluators.PromotionChecks),
                ("failed_steps", ColumnValue.Texts(decided.Steps.Where(step => !step.Allowed).Select(step => step.Step))),
                ("approval_id", decided.ApprovalId), ("kill_switch_engaged", facts.KillSwitch is not null),
                ("candidate_paused", facts.Pause is not null), ("evidence_rolled_back", facts.EvidenceRolledBack),
                ("champion_before", facts.Champion), ("submitters", facts.Submitters), ("claimed_action", claimed?.Action),
                ("claimed_allowed", claimed?.Allowed), ("claimed_mode", claimed?.RecommendedMode),
                ("claimed_reasons", claimed is null
                    ? new ColumnValue(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text, null)
                    : claimed.Reasons),
                ("claim_agrees", decided.ClaimAgrees), ("last_sequence", _sequence));
            yield return Candidate(
                """
                progress = case when role = 'demoted' then 'demoted' else ? end, last_decision_id = ?, last_action = ?, last_reasons = ?,
                last_policy_sha256 = ?
                """,
                decided.Action == PromotionAction.Deny ? "denied" : "held", decided.DecisionId, decided.Action.Name(), decided.Reasons,
                decided.PolicySha256);
            if (decided.ApprovalId is null) yield break;
            yield return RowChange.Run(
                $"""
                update {schema}.approvals set used_at = ?, used_by_decision = ?, last_sequence = ?
                where candidate_id = ? and approval_id = ?
                """,
                decided.At, decided.DecisionId, _sequence, _candidate, decided.ApprovalId);
        }

        private IEnumerable<RowChange> Demoted(CandidateDemoted demoted) =>
        [
            Candidate(
                """
                role = case when array_remove(champion_of, ?) = array[]::text[] then 'demoted' else 'champion' end,
                champion_of = array_remove(champion_of, ?), progress = 'demoted'
                """,
                demoted.Target, demoted.Target),
            RowChange.Put(
                $"{schema}.demotions", 1,
                ("sequence", _sequence), ("candidate_id", _candidate), ("target", demoted.Target), ("demoted_at", demoted.At),
                ("demoted_by", demoted.Actor), ("decision_id", demoted.DecisionId), ("successor", demoted.Successor), ("why", demoted.Why),
                ("trace_id", demoted.TraceId), ("rolled_back", demoted.RolledBack), ("artifact_set_sha256", demoted.ArtifactSetSha256)),
        ];

        private RowChange EndPause(CandidateEvent happened, string reason) => RowChange.Run(
            $"""
            update {schema}.pauses set ended_at = ?, ended_by = ?, end_reason = ?, ended_sequence = ?
            where candidate_id = ? and ended_at is null and paused_sequence < ?
            """,
            happened.At, happened.Actor, reason, _sequence, _candidate, _sequence);

        private IEnumerable<RowChange> Paused(CandidatePaused paused) =>
        [
            EndPause(paused, paused.Reason),
            RowChange.Put(
                $"{schema}.pauses", 1,
                ("paused_sequence", _sequence), ("candidate_id", _candidate), ("paused_at", paused.At), ("paused_by", paused.Actor),
                ("reason", paused.Reason)),
            Candidate("paused_at = ?, paused_by = ?, pause_reason = ?", paused.At, paused.Actor, paused.Reason),
        ];

        private IEnumerable<RowChange> Granted(ApprovalGranted granted) =>
        [
            RowChange.Put(
                $"{schema}.approvals", 2,
                ("candidate_id", _candidate), ("approval_id", granted.ApprovalId), ("run_id", granted.RunId),
                ("evaluation_id", granted.EvaluationId), ("target", granted.Target), ("policy_sha256", granted.PolicySha256),
                ("artifact_set_sha256", granted.ArtifactSetSha256), ("approver", granted.Actor), ("granted_at", granted.At),
                ("expires_at", granted.ExpiresAt), ("reason", granted.Reason), ("last_sequence", _sequence)),
        ];
    }
}
