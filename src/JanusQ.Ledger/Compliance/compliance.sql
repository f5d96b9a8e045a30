-- The flat tables for compliance (ledger.md section 5): what happened, as rows that plain SQL can ask. Written by the projection Compliance
-- from the events, in the transaction that records how far it has come; nobody else writes them.

create schema if not exists compliance;

create table compliance.candidates (
    candidate_id       text primary key,
    stage              text not null generated always as (case
        when paused_at is not null then 'paused'
        when 'live' = any (champion_of) then 'live'
        when 'paper' = any (champion_of) then 'paper'
        else progress end) stored,
    progress           text not null,
    role               text not null,
    champion_of        text[] not null,
    target             text,
    registered_at      timestamptz not null,
    changed_at         timestamptz not null,
    version            bigint not null,
    last_run_id        text,
    last_evaluation_id text,
    last_decision_id   text,
    last_action        text,
    last_reasons       text[] not null,
    last_policy_sha256 text,
    paused_at          timestamptz,
    paused_by          text,
    pause_reason       text,
    conflict_count     integer not null,
    last_sequence      bigint not null
);

create index candidates_by_stage on compliance.candidates (stage, candidate_id);
create index candidates_by_change on compliance.candidates (changed_at);
create index candidates_by_last_policy on compliance.candidates (last_policy_sha256);
create index candidates_paused on compliance.candidates (paused_at) where paused_at is not null;
create index candidates_by_last_reason on compliance.candidates using gin (last_reasons);
comment on table compliance.candidates is 'One row a candidate: how it stands after the events that are in.';
comment on column compliance.candidates.candidate_id is 'The candidate.';
comment on column compliance.candidates.stage is 'registered, evaluating, evaluated, denied, held, paper, live, demoted or paused: paused goes before the highest target that it is champion of, that before how far it has come.';
comment on column compliance.candidates.progress is 'How far it has come, pause and champion''s places left aside.';
comment on column compliance.candidates.role is 'challenger, champion (of a target at least) or demoted.';
comment on column compliance.candidates.champion_of is 'The targets that it is champion of, in the order in which it was promoted.';
comment on column compliance.candidates.target is 'The target of the evaluation that was started last; null if none was.';
comment on column compliance.candidates.registered_at is 'When its first event happened.';
comment on column compliance.candidates.changed_at is 'When its latest event happened.';
comment on column compliance.candidates.version is 'Number of its events.';
comment on column compliance.candidates.last_run_id is 'The run that was recorded last, however it went.';
comment on column compliance.candidates.last_evaluation_id is 'The evaluation that was started last.';
comment on column compliance.candidates.last_decision_id is 'The decision that was made last.';
comment on column compliance.candidates.last_action is 'What the last decision says: promote, hold or deny.';
comment on column compliance.candidates.last_reasons is 'The reasons of the last decision; empty if there are none.';
comment on column compliance.candidates.last_policy_sha256 is 'The policy of the last decision, by the hash of its canonical JSON.';
comment on column compliance.candidates.paused_at is 'Since when it is paused; null if it is not.';
comment on column compliance.candidates.paused_by is 'Who paused it; null if it is not paused.';
comment on column compliance.candidates.pause_reason is 'Why it is paused; null if it is not.';
comment on column compliance.candidates.conflict_count is 'Number of recorded differences of submissions that contradicted what is recorded.';
comment on column compliance.candidates.last_sequence is 'Sequence of the latest event in this row.';

create table compliance.lane_runs (
    candidate_id           text not null,
    lane_run_id            text not null,
    run_id                 text not null,
    evaluation_id          text,
    status                 text not null,
    target                 text,
    worker                 text,
    code_version           text,
    evaluated_at           timestamptz,
    signals_sha256         text,
    strategy_config_sha256 text,
    gate_policy_sha256     text,
    started_at             timestamptz,
    started_by             text,
    ended_at               timestamptz,
    artifact_count         integer,
    artifact_set_sha256    text,
    error_code             text,
    message                text,
    window_start           timestamptz,
    window_end             timestamptz,
    conflict_count         integer not null,
    last_sequence          bigint not null,
    primary key (candidate_id, lane_run_id)
);

create index lane_runs_by_start on compliance.lane_runs (started_at);
create index lane_runs_by_end on compliance.lane_runs (ended_at, status);
create index lane_runs_by_run on compliance.lane_runs (run_id);
create index lane_runs_open on compliance.lane_runs (started_at) where status = 'running';
comment on table compliance.lane_runs is 'One row an evaluation of a lane run, and a run that never had one: refused, skipped or only contradicted.';
comment on column compliance.lane_runs.candidate_id is 'The candidate.';
comment on column compliance.lane_runs.lane_run_id is 'The evaluation, or the run where no evaluation was started.';
comment on column compliance.lane_runs.run_id is 'The run: a hash of what is run.';
comment on column compliance.lane_runs.evaluation_id is 'The evaluation: one execution of the run; null if none was started.';
comment on column compliance.lane_runs.status is 'running, completed, failed, skipped (a window without signals) or conflicted (only contradicting submissions are recorded).';
comment on column compliance.lane_runs.target is 'The target that the run was made for: shadow, paper or live.';
comment on column compliance.lane_runs.worker is 'The worker that ran it.';
comment on column compliance.lane_runs.code_version is 'Version of the code that ran, as it was declared.';
comment on column compliance.lane_runs.evaluated_at is 'The instant that counted as now inside the run.';
comment on column compliance.lane_runs.signals_sha256 is 'SHA-256 of the bytes of the signals document.';
comment on column compliance.lane_runs.strategy_config_sha256 is 'SHA-256 of the bytes of the strategy configuration.';
comment on column compliance.lane_runs.gate_policy_sha256 is 'SHA-256 of the bytes of the gate policy file; policies.policy_sha256 is over the canonical JSON instead.';
comment on column compliance.lane_runs.started_at is 'When its start was recorded.';
comment on column compliance.lane_runs.started_by is 'Who recorded its start.';
comment on column compliance.lane_runs.ended_at is 'When its end was recorded; null while it runs.';
comment on column compliance.lane_runs.artifact_count is 'Number of artifacts, once it is complete.';
comment on column compliance.lane_runs.artifact_set_sha256 is 'SHA-256 of the canonical JSON of path to SHA-256, once it is complete.';
comment on column compliance.lane_runs.error_code is 'Why it failed, as a code.';
comment on column compliance.lane_runs.message is 'Why it failed or was skipped, for people.';
comment on column compliance.lane_runs.window_start is 'Start of the window without signals, if it was skipped.';
comment on column compliance.lane_runs.window_end is 'End of the window without signals, if it was skipped.';
comment on column compliance.lane_runs.conflict_count is 'Number of recorded differences of submissions that contradicted it.';
comment on column compliance.lane_runs.last_sequence is 'Sequence of the latest event in this row.';

create table compliance.submitters (
    candidate_id   text not null,
    evaluation_id  text not null,
    actor          text not null,
    first_at       timestamptz not null,
    first_sequence bigint not null,
    primary key (candidate_id, evaluation_id, actor)
);

create index submitters_by_actor on compliance.submitters (actor, first_at);
comment on table compliance.submitters is 'Who submitted anything to an evaluation: none of them can approve its promotion.';
comment on column compliance.submitters.candidate_id is 'The candidate.';
comment on column compliance.submitters.evaluation_id is 'The evaluation.';
comment on column compliance.submitters.actor is 'Who submitted.';
comment on column compliance.submitters.first_at is 'When first.';
comment on column compliance.submitters.first_sequence is 'Sequence of the event with the first submission.';

create table compliance.artifacts (
    candidate_id   text not null,
    evaluation_id  text not null,
    path           text not null,
    sha256         text not null,
    size           bigint not null,
    media_type     text not null,
    schema_version text,
    manifest_hash  text,
    emitted_at     timestamptz not null,
    emitted_by     text not null,
    sequence       bigint not null,
    primary key (candidate_id, evaluation_id, path)
);

create index artifacts_by_hash on compliance.artifacts (sha256);
comment on table compliance.artifacts is 'Documents of evaluations, by path. The bytes are in the content store under their SHA-256.';
comment on column compliance.artifacts.candidate_id is 'The candidate.';
comment on column compliance.artifacts.evaluation_id is 'The evaluation that emitted it.';
comment on column compliance.artifacts.path is 'Path relative to the artifact root.';
comment on column compliance.artifacts.sha256 is 'SHA-256 of the bytes.';
comment on column compliance.artifacts.size is 'Number of bytes.';
comment on column compliance.artifacts.media_type is 'Media type as declared.';
comment on column compliance.artifacts.schema_version is 'Schema version, for Janus artifacts.';
comment on column compliance.artifacts.manifest_hash is 'The hash that a Janus artifact carries over its own records.';
comment on column compliance.artifacts.emitted_at is 'When it was recorded.';
comment on column compliance.artifacts.emitted_by is 'Who submitted it.';
comment on column compliance.artifacts.sequence is 'Sequence of its event.';

create table compliance.conflicts (
    sequence      bigint not null,
    ordinal       integer not null,
    candidate_id  text not null,
    run_id        text not null,
    evaluation_id text,
    subject       text not null,
    path          text,
    recorded      text not null,
    submitted     text not null,
    submitted_at  timestamptz not null,
    submitted_by  text not null,
    primary key (sequence, ordinal)
);

create index conflicts_by_time on compliance.conflicts (submitted_at);
create index conflicts_by_candidate on compliance.conflicts (candidate_id, sequence);
comment on table compliance.conflicts is 'Submissions that contradicted what is recorded: the attempt is recorded, nothing else changed.';
comment on column compliance.conflicts.sequence is 'Sequence of the event.';
comment on column compliance.conflicts.ordinal is 'Number of the difference within the event, from 1.';
comment on column compliance.conflicts.candidate_id is 'The candidate.';
comment on column compliance.conflicts.run_id is 'The run that was named.';
comment on column compliance.conflicts.evaluation_id is 'The evaluation that was contradicted; null for a skipped run.';
comment on column compliance.conflicts.subject is 'What differed: artifact, media_type, outcome and so on.';
comment on column compliance.conflicts.path is 'The artifact''s path, where one differed.';
comment on column compliance.conflicts.recorded is 'What the ledger holds.';
comment on column compliance.conflicts.submitted is 'What was submitted.';
comment on column compliance.conflicts.submitted_at is 'When it was tried.';
comment on column compliance.conflicts.submitted_by is 'Who tried.';

create table compliance.decisions (
    candidate_id             text not null,
    decision_id              text not null,
    run_id                   text,
    evaluation_id            text not null,
    target                   text not null,
    action                   text,
    approved_mode            text,
    reasons                  text[] not null,
    rationale                text,
    trace_id                 text,
    decided_at               timestamptz,
    decided_by               text,
    decided_role             text,
    policy_sha256            text,
    policy_active            boolean,
    gate_inputs_sha256       text,
    gate_report_sha256       text,
    artifact_set_sha256      text,
    facts_sha256             text,
    derivation_version       text,
    gate_matrix_version      text,
    promotion_checks_version text,
    gates_allowed            boolean,
    recommended_mode         text,
    uncertainty_gate_action  text,
    coverage_error           numeric,
    shift_score              numeric,
    conformal_interval_width numeric,
    recalibration_run_id     text,
    prerequisites_allowed    boolean,
    missing_artifacts        text[],
    rollback_ready           boolean,
    missing_checks           text[],
    failed_steps             text[],
    approval_id              text,
    kill_switch_engaged      boolean,
    candidate_paused         boolean,
    evidence_rolled_back     boolean,
    champion_before          text,
    submitters               text[],
    claimed_action           text,
    claimed_allowed          boolean,
    claimed_mode             text,
    claimed_reasons          text[],
    claim_agrees             boolean,
    last_sequence            bigint not null,
    primary key (candidate_id, decision_id)
);

create index decisions_by_time on compliance.decisions (decided_at, action);
create index decisions_by_policy on compliance.decisions (policy_sha256, decided_at);
create index decisions_by_reason on compliance.decisions using gin (reasons);
create index decisions_by_evaluation on compliance.decisions (candidate_id, evaluation_id);
create index decisions_promoted on compliance.decisions (decided_at) where action = 'promote';
create index decisions_claim_disagrees on compliance.decisions (decided_at) where not claim_agrees;
create index decisions_under_kill_switch on compliance.decisions (decided_at) where kill_switch_engaged;
create index decisions_not_rollback_ready on compliance.decisions (decided_at) where not rollback_ready;
comment on table compliance.decisions is 'One row a decision on a promotion request. What is null in a row of a decision was not recorded with it.';
comment on column compliance.decisions.candidate_id is 'The candidate.';
comment on column compliance.decisions.decision_id is 'The decision.';
comment on column compliance.decisions.run_id is 'The run decided about.';
comment on column compliance.decisions.evaluation_id is 'The evaluation decided about.';
comment on column compliance.decisions.target is 'The target asked for: shadow, paper or live.';
comment on column compliance.decisions.action is 'promote, hold or deny.';
comment on column compliance.decisions.approved_mode is 'The mode approved; null for a denial.';
comment on column compliance.decisions.reasons is 'All reasons of all steps, sorted and unique.';
comment on column compliance.decisions.rationale is 'The rationale as one text.';
comment on column compliance.decisions.trace_id is 'The recommendation''s trace id.';
comment on column compliance.decisions.decided_at is 'When it was made.';
comment on column compliance.decisions.decided_by is 'Who asked.';
comment on column compliance.decisions.decided_role is 'In which role.';
comment on column compliance.decisions.policy_sha256 is 'The policy, by the hash of its canonical JSON; null if it could not be read.';
comment on column compliance.decisions.policy_active is 'Whether that policy was the active version of any name then.';
comment on column compliance.decisions.gate_inputs_sha256 is 'Hash of the gate inputs that the ledger built.';
comment on column compliance.decisions.gate_report_sha256 is 'Hash of the gate report that the ledger derived.';
comment on column compliance.decisions.artifact_set_sha256 is 'The artifact set decided about.';
comment on column compliance.decisions.facts_sha256 is 'Hash over evaluation, target and recorded facts.';
comment on column compliance.decisions.derivation_version is 'Version of the order of steps.';
comment on column compliance.decisions.gate_matrix_version is 'Version of the gate matrix.';
comment on column compliance.decisions.promotion_checks_version is 'Version of prerequisites, rollback readiness, drift and recommendation.';
comment on column compliance.decisions.gates_allowed is 'Whether the gates allow the promotion.';
comment on column compliance.decisions.recommended_mode is 'What the gates recommend.';
comment on column compliance.decisions.uncertainty_gate_action is 'pass, degrade, abstain or fail.';
comment on column compliance.decisions.coverage_error is 'Coverage error of the calibration.';
comment on column compliance.decisions.shift_score is 'Shift score.';
comment on column compliance.decisions.conformal_interval_width is 'Width of the conformal interval.';
comment on column compliance.decisions.recalibration_run_id is 'The recalibration that was asked for.';
comment on column compliance.decisions.prerequisites_allowed is 'Whether the prerequisites allow the promotion.';
comment on column compliance.decisions.missing_artifacts is 'Artifacts that the policy requires and that are not there.';
comment on column compliance.decisions.rollback_ready is 'Whether the promotion could be undone.';
comment on column compliance.decisions.missing_checks is 'Required rehearsals that are missing or failed.';
comment on column compliance.decisions.failed_steps is 'Other steps that do not allow the promotion: policy, artifacts, drift, approval, kill_switch, pause, claim.';
comment on column compliance.decisions.approval_id is 'The approval that the promotion used up.';
comment on column compliance.decisions.kill_switch_engaged is 'Whether the kill switch was engaged then.';
comment on column compliance.decisions.candidate_paused is 'Whether the candidate was paused then.';
comment on column compliance.decisions.evidence_rolled_back is 'Whether the artifact set had been rolled back and not cleared.';
comment on column compliance.decisions.champion_before is 'The champion of the target before; null if there was none.';
comment on column compliance.decisions.submitters is 'Everyone who had submitted to the run, sorted.';
comment on column compliance.decisions.claimed_action is 'What the worker claimed: promote, hold or deny; null if it claimed nothing.';
comment on column compliance.decisions.claimed_allowed is 'Whether the worker claimed that the promotion is allowed.';
comment on column compliance.decisions.claimed_mode is 'The mode that the worker claimed.';
comment on column compliance.decisions.claimed_reasons is 'The reasons that the worker claimed.';
comment on column compliance.decisions.claim_agrees is 'Whether the claim agrees with the decision; null without a claim.';
comment on column compliance.decisions.last_sequence is 'Sequence of the latest event in this row.';

create table compliance.gate_results (
    candidate_id  text not null,
    decision_id   text not null,
    gate_id       text not null,
    ordinal       integer not null,
    status        text not null,
    reasons       text[] not null,
    artifact_refs text[] not null,
    target        text not null,
    policy_sha256 text,
    evaluated_at  timestamptz not null,
    sequence      bigint not null,
    primary key (candidate_id, decision_id, gate_id)
);

create index gate_results_failed on compliance.gate_results (evaluated_at, gate_id) include (policy_sha256, reasons) where status = 'fail';
comment on table compliance.gate_results is 'One row a gate of a decision.';
comment on column compliance.gate_results.candidate_id is 'The candidate.';
comment on column compliance.gate_results.decision_id is 'The decision.';
comment on column compliance.gate_results.gate_id is 'The gate, for instance gate0_data_integrity.';
comment on column compliance.gate_results.ordinal is 'Its place in the gate report, from 1.';
comment on column compliance.gate_results.status is 'pass or fail.';
comment on column compliance.gate_results.reasons is 'Its reasons, in its own order.';
comment on column compliance.gate_results.artifact_refs is 'What it points at.';
comment on column compliance.gate_results.target is 'The target asked for.';
comment on column compliance.gate_results.policy_sha256 is 'The policy, by the hash of its canonical JSON.';
comment on column compliance.gate_results.evaluated_at is 'When it was evaluated.';
comment on column compliance.gate_results.sequence is 'Sequence of its event.';

create table compliance.approvals (
    candidate_id        text not null,
    approval_id         text not null,
    run_id              text not null,
    evaluation_id       text not null,
    target              text not null,
    policy_sha256       text not null,
    artifact_set_sha256 text not null,
    approver            text not null,
    granted_at          timestamptz not null,
    expires_at          timestamptz not null,
    reason              text not null,
    revoked_at          timestamptz,
    revoked_by          text,
    revoke_reason       text,
    used_at             timestamptz,
    used_by_decision    text,
    last_sequence       bigint not null,
    primary key (candidate_id, approval_id)
);

create index approvals_by_grant on compliance.approvals (granted_at);
create index approvals_by_approver on compliance.approvals (approver, granted_at);
create index approvals_open on compliance.approvals (expires_at) where used_at is null and revoked_at is null;
comment on table compliance.approvals is 'One row an approval, with what became of it.';
comment on column compliance.approvals.candidate_id is 'The candidate.';
comment on column compliance.approvals.approval_id is 'The approval.';
comment on column compliance.approvals.run_id is 'The run that it is bound to.';
comment on column compliance.approvals.evaluation_id is 'The evaluation whose artifact set it is bound to.';
comment on column compliance.approvals.target is 'The target that it is bound to.';
comment on column compliance.approvals.policy_sha256 is 'The policy that it is bound to, by the hash of its canonical JSON.';
comment on column compliance.approvals.artifact_set_sha256 is 'The artifact set that it unlocks.';
comment on column compliance.approvals.approver is 'Who approved.';
comment on column compliance.approvals.granted_at is 'When it was granted.';
comment on column compliance.approvals.expires_at is 'From when on it no longer counts.';
comment on column compliance.approvals.reason is 'Why it was granted.';
comment on column compliance.approvals.revoked_at is 'When it was taken back; null if it was not.';
comment on column compliance.approvals.revoked_by is 'Who took it back.';
comment on column compliance.approvals.revoke_reason is 'Why it was taken back.';
comment on column compliance.approvals.used_at is 'When a promotion used it up; null if none did.';
comment on column compliance.approvals.used_by_decision is 'The decision that used it up.';
comment on column compliance.approvals.last_sequence is 'Sequence of the latest event in this row.';

create table compliance.pauses (
    paused_sequence bigint primary key,
    candidate_id    text not null,
    paused_at       timestamptz not null,
    paused_by       text not null,
    reason          text not null,
    ended_at        timestamptz,
    ended_by        text,
    end_reason      text,
    ended_sequence  bigint
);

create index pauses_open on compliance.pauses (candidate_id) where ended_at is null;
create index pauses_by_time on compliance.pauses (paused_at);
comment on table compliance.pauses is 'One row a time that promotions of a candidate were barred.';
comment on column compliance.pauses.paused_sequence is 'Sequence of the event that began it.';
comment on column compliance.pauses.candidate_id is 'The candidate.';
comment on column compliance.pauses.paused_at is 'Since when.';
comment on column compliance.pauses.paused_by is 'Who paused.';
comment on column compliance.pauses.reason is 'Why.';
comment on column compliance.pauses.ended_at is 'Until when: resumed, or paused again; null while it lasts.';
comment on column compliance.pauses.ended_by is 'Who ended it.';
comment on column compliance.pauses.end_reason is 'Why it ended.';
comment on column compliance.pauses.ended_sequence is 'Sequence of the event that ended it.';

create table compliance.demotions (
    sequence            bigint primary key,
    candidate_id        text not null,
    target              text not null,
    demoted_at          timestamptz not null,
    demoted_by          text not null,
    decision_id         text,
    successor           text,
    why                 text not null,
    trace_id            text,
    rolled_back         boolean not null,
    artifact_set_sha256 text not null,
    cleared_at          timestamptz,
    cleared_by          text,
    clear_reason        text
);

create index demotions_by_candidate on compliance.demotions (candidate_id, sequence);
create index demotions_rolled_back on compliance.demotions (demoted_at) where rolled_back;
comment on table compliance.demotions is 'One row a time that a candidate lost a target''s place.';
comment on column compliance.demotions.sequence is 'Sequence of the event.';
comment on column compliance.demotions.candidate_id is 'The candidate.';
comment on column compliance.demotions.target is 'The target.';
comment on column compliance.demotions.demoted_at is 'When.';
comment on column compliance.demotions.demoted_by is 'Who.';
comment on column compliance.demotions.decision_id is 'The decision that caused it; null where an operator did.';
comment on column compliance.demotions.successor is 'Who took the place; null if nobody did.';
comment on column compliance.demotions.why is 'Why, as a code.';
comment on column compliance.demotions.trace_id is 'The trace id of the demotion; null where an operator demoted.';
comment on column compliance.demotions.rolled_back is 'Whether it was rolled back, which bars its artifact set.';
comment on column compliance.demotions.artifact_set_sha256 is 'The artifact set that was active.';
comment on column compliance.demotions.cleared_at is 'When an operator allowed the artifact set again; null if none did or nothing was barred.';
comment on column compliance.demotions.cleared_by is 'Who allowed it again.';
comment on column compliance.demotions.clear_reason is 'Why it was allowed again.';

create table compliance.champions (
    installed_sequence  bigint primary key,
    target              text not null,
    candidate_id        text not null,
    decision_id         text not null,
    evaluation_id       text not null,
    artifact_set_sha256 text not null,
    predecessor         text,
    installed_at        timestamptz not null,
    installed_by        text not null,
    why                 text not null,
    removed_at          timestamptz,
    removed_by          text,
    removed_decision_id text,
    removed_why         text,
    removed_sequence    bigint
);

create index champions_open on compliance.champions (target) where removed_at is null;
create index champions_by_time on compliance.champions (target, installed_at);
create index champions_by_candidate on compliance.champions (candidate_id, decision_id);
comment on table compliance.champions is 'One row a time that a candidate was the champion of a target.';
comment on column compliance.champions.installed_sequence is 'Sequence of the event that began it.';
comment on column compliance.champions.target is 'The target.';
comment on column compliance.champions.candidate_id is 'The candidate.';
comment on column compliance.champions.decision_id is 'The decision that it rests on.';
comment on column compliance.champions.evaluation_id is 'The evaluation decided about.';
comment on column compliance.champions.artifact_set_sha256 is 'The artifact set that was active.';
comment on column compliance.champions.predecessor is 'Who comes back on a roll back; null if nobody was there before.';
comment on column compliance.champions.installed_at is 'Since when.';
comment on column compliance.champions.installed_by is 'Who caused it.';
comment on column compliance.champions.why is 'Why, as a code.';
comment on column compliance.champions.removed_at is 'Until when; null while it lasts.';
comment on column compliance.champions.removed_by is 'Who ended it.';
comment on column compliance.champions.removed_decision_id is 'The decision that ended it; null where an operator did.';
comment on column compliance.champions.removed_why is 'Why it ended, as a code.';
comment on column compliance.champions.removed_sequence is 'Sequence of the event that ended it.';

create table compliance.policies (
    name                   text not null,
    version                integer not null,
    policy_sha256          text not null,
    policy_version         text not null,
    enables_live           boolean not null,
    published_at           timestamptz not null,
    published_by           text not null,
    note                   text not null,
    activation_approved_at timestamptz,
    activation_approved_by text,
    active                 boolean not null,
    last_sequence          bigint not null,
    primary key (name, version)
);

create index policies_by_hash on compliance.policies (policy_sha256);
comment on table compliance.policies is 'One row a published version of a policy.';
comment on column compliance.policies.name is 'The name under which it was published.';
comment on column compliance.policies.version is 'Its version there, from 1.';
comment on column compliance.policies.policy_sha256 is 'Hash of its canonical JSON.';
comment on column compliance.policies.policy_version is 'The document''s own label.';
comment on column compliance.policies.enables_live is 'Whether it enables live: then its activation needs another actor''s approval.';
comment on column compliance.policies.published_at is 'When it was published.';
comment on column compliance.policies.published_by is 'Who published it.';
comment on column compliance.policies.note is 'What the publisher said.';
comment on column compliance.policies.activation_approved_at is 'When its activation was approved last.';
comment on column compliance.policies.activation_approved_by is 'Who approved its activation last.';
comment on column compliance.policies.active is 'Whether it is the version that decisions may rest on.';
comment on column compliance.policies.last_sequence is 'Sequence of the latest event in this row.';

create table compliance.policy_activations (
    activated_sequence bigint primary key,
    name               text not null,
    version            integer not null,
    policy_sha256      text not null,
    active_from        timestamptz not null,
    activated_by       text not null,
    approved_by        text,
    note               text not null,
    active_until       timestamptz
);

create index policy_activations_by_hash on compliance.policy_activations (policy_sha256, active_from);
create index policy_activations_open on compliance.policy_activations (name) where active_until is null;
comment on table compliance.policy_activations is 'One row a time that a version of a policy was the active one of its name.';
comment on column compliance.policy_activations.activated_sequence is 'Sequence of the event that began it.';
comment on column compliance.policy_activations.name is 'The policy''s name.';
comment on column compliance.policy_activations.version is 'The version.';
comment on column compliance.policy_activations.policy_sha256 is 'Hash of its canonical JSON.';
comment on column compliance.policy_activations.active_from is 'Since when.';
comment on column compliance.policy_activations.activated_by is 'Who activated it.';
comment on column compliance.policy_activations.approved_by is 'Who approved the activation, where one was needed.';
comment on column compliance.policy_activations.note is 'What was said.';
comment on column compliance.policy_activations.active_until is 'Until when; null while it lasts.';

create table compliance.drills (
    sequence        bigint primary key,
    check_name      text not null,
    passed          boolean not null,
    performed_at    timestamptz not null,
    recorded_at     timestamptz not null,
    recorded_by     text not null,
    rollback_target text,
    evidence_sha256 text
);

create index drills_by_check on compliance.drills (check_name, recorded_at);
comment on table compliance.drills is 'One row a recorded rehearsal of a safety control.';
comment on column compliance.drills.sequence is 'Sequence of its event.';
comment on column compliance.drills.check_name is 'The check, for instance killSwitchDryRunPassed.';
comment on column compliance.drills.passed is 'Whether it passed.';
comment on column compliance.drills.performed_at is 'When it was performed.';
comment on column compliance.drills.recorded_at is 'When it was recorded.';
comment on column compliance.drills.recorded_by is 'Who recorded it.';
comment on column compliance.drills.rollback_target is 'What a roll back would go back to.';
comment on column compliance.drills.evidence_sha256 is 'SHA-256 of the evidence of the rehearsal.';

create table compliance.decision_drills (
    candidate_id text not null,
    decision_id  text not null,
    check_name   text not null,
    passed       boolean not null,
    performed_at timestamptz not null,
    performed_by text not null,
    evaluated_at timestamptz not null,
    age          interval not null generated always as (evaluated_at - performed_at) stored,
    primary key (candidate_id, decision_id, check_name)
);

create index decision_drills_by_time on compliance.decision_drills (evaluated_at, age) include (check_name);
comment on table compliance.decision_drills is 'The rehearsals that a decision rested on, as they stood then.';
comment on column compliance.decision_drills.candidate_id is 'The candidate.';
comment on column compliance.decision_drills.decision_id is 'The decision.';
comment on column compliance.decision_drills.check_name is 'The check.';
comment on column compliance.decision_drills.passed is 'Whether it had passed.';
comment on column compliance.decision_drills.performed_at is 'When it had been performed.';
comment on column compliance.decision_drills.performed_by is 'Who had recorded it.';
comment on column compliance.decision_drills.evaluated_at is 'When the decision looked at it.';
comment on column compliance.decision_drills.age is 'How old it was then.';

create table compliance.kill_switch (
    engaged_sequence bigint primary key,
    engaged_at       timestamptz not null,
    engaged_by       text not null,
    reason           text not null,
    ended_at         timestamptz,
    ended_by         text,
    end_reason       text,
    ended_sequence   bigint
);

create index kill_switch_open on compliance.kill_switch (engaged_sequence) where ended_at is null;
comment on table compliance.kill_switch is 'One row a time that the kill switch was engaged.';
comment on column compliance.kill_switch.engaged_sequence is 'Sequence of the event that began it.';
comment on column compliance.kill_switch.engaged_at is 'Since when.';
comment on column compliance.kill_switch.engaged_by is 'Who engaged it.';
comment on column compliance.kill_switch.reason is 'Why.';
comment on column compliance.kill_switch.ended_at is 'Until when: released, or engaged again; null while it lasts.';
comment on column compliance.kill_switch.ended_by is 'Who ended it.';
comment on column compliance.kill_switch.end_reason is 'Why it ended.';
comment on column compliance.kill_switch.ended_sequence is 'Sequence of the event that ended it.';

create table compliance.completeness (
    projection    text primary key,
    last_sequence bigint not null,
    last_event_at timestamptz not null
);

comment on table compliance.completeness is 'How far these tables are complete: one row.';
comment on column compliance.completeness.projection is 'Always Compliance.';
comment on column compliance.completeness.last_sequence is 'Sequence of the latest event that is in these tables; every earlier one is, too.';
comment on column compliance.completeness.last_event_at is 'When that event happened.';

-- Whoever reads for compliance is a member of this role, and needs no other. It is made where that is allowed; else whoever administers
-- the server makes it (create role janusq_compliance nologin), and the grants below come with the next run of this script.
do $$
begin
    if not exists (select from pg_roles where rolname = 'janusq_compliance')
        and exists (select from pg_roles where rolname = current_user and (rolcreaterole or rolsuper)) then
        begin
            create role janusq_compliance nologin;
        exception when duplicate_object or unique_violation or insufficient_privilege then
            null; -- Another database of this server was quicker.
        end;
    end if;

    if exists (select from pg_roles where rolname = 'janusq_compliance') then
        grant usage on schema compliance to janusq_compliance;
        grant select on all tables in schema compliance to janusq_compliance;
    end if;
end
$$;

comment on schema compliance is 'Flat tables for compliance, shape 1.';
