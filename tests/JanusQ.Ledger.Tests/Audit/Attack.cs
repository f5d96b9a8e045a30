using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Tests.Audit;

/// <summary>Something that who owns the database can do to it, and the finding that gives it away.</summary>
/// <param name="Text">What is done, for people.</param>
/// <param name="Sql">The statements; they run with all triggers off. None where <paramref name="Then"/> does everything.</param>
/// <param name="Code">The finding.</param>
/// <param name="Then">What is done next, for instance to hide it.</param>
internal sealed record Attack(string Text, string Sql, string Code, Func<ATamperedLedger, Task>? Then = null)
{
    /// <summary>Whether it is found only by who kept a checkpoint outside.</summary>
    public bool NeedsKeptCheckpoint { get; init; }

    /// <summary>Whether it is found only by who has a policy that says which witnesses must have cosigned.</summary>
    public bool NeedsPolicy { get; init; }

    /// <summary>Whether it is found only by who runs the lanes again.</summary>
    public bool NeedsDeep { get; init; }

    /// <summary>What is needed to find it, for people; empty where the verifier key is enough.</summary>
    public string Needs => this switch
    {
        { NeedsKeptCheckpoint: true } => " (found with a checkpoint that was kept outside)",
        { NeedsPolicy: true } => " (found with a policy of witnesses)",
        { NeedsDeep: true } => " (found with `--deep`)",
        _ => "",
    };

    private const string OneArtifact = "select min(seq_id) from janusq.mt_events where type = 'artifact_emitted'";

    private const string Denied =
        "select seq_id from janusq.mt_events where type = 'promotion_decided' and data ->> 'action' = 'deny' order by seq_id limit 1";

    private const string DataChanged =
        "update janusq.mt_events set data = data || '{\"reason\": \"another\"}' where seq_id = (select min(seq_id) from janusq.mt_events "
        + "where type = 'approval_granted')";

    private const string ReasonsChanged =
        $$"""
        update janusq.mt_events set data = data || '{"reasons": ["claimed_verdict_disagrees"]}' where seq_id = ({{Denied}})
        """;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Attack> All =
    [
        new("The data of an event are changed", DataChanged, AuditCodes.EventDataAltered),
        new(
            "The data of an event are changed, and the hash kept with it too", DataChanged, AuditCodes.EventLeafMismatch,
            ledger => ledger.RehashAsync()),
        new(
            "The actor of an event is changed",
            $"update janusq.mt_events set user_name = 'somebody' where seq_id = ({OneArtifact})",
            AuditCodes.EventLeafMismatch),
        new(
            "An event is deleted",
            "delete from janusq.mt_events where seq_id = (select max(seq_id) from janusq.mt_events where type = 'approval_granted')",
            AuditCodes.LeafWithoutEvent),
        new(
            "An event is deleted, which leaves a gap in its stream",
            "delete from janusq.mt_events where seq_id = (select max(seq_id) from janusq.mt_events where type = 'approval_granted')",
            AuditCodes.StreamVersionsBroken),
        new(
            "An event is inserted in the past",
            """
            with drill as (select * from janusq.mt_events where type = 'drill_recorded' order by seq_id limit 1),
                head as (update janusq.mt_streams set version = version + 1 where id = 'drills' returning version)
            insert into janusq.mt_events
                (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, headers, user_name, is_archived)
            select (
                    select min(number) from generate_series(1, 1000) number
                    where not exists (select from janusq.mt_events where seq_id = number)),
                gen_random_uuid(), stream_id, head.version, data, type, timestamp, tenant_id, mt_dotnet_type, headers, user_name, false
            from drill, head
            """,
            AuditCodes.EventNotInLog),
        new(
            "Two events are swapped",
            """
            update janusq.mt_events set seq_id = -seq_id where seq_id in (20, 21);
            update janusq.mt_events set seq_id = case seq_id when -20 then 21 else 20 end where seq_id in (-20, -21)
            """,
            AuditCodes.EventLeafMismatch),
        new(
            "An event is hidden: it is marked as archived",
            $"update janusq.mt_events set is_archived = true where seq_id = ({OneArtifact})",
            AuditCodes.EventHidden),
        new(
            "The head of a stream is changed", "update janusq.mt_streams set version = version + 1 where id = 'drills'",
            AuditCodes.StreamHeadMismatch),
        new(
            "A byte of a document is changed",
            """
            update janusq.content set bytes = set_byte(bytes, length(bytes) / 2, get_byte(bytes, length(bytes) / 2) # 1)
            where sha256 = (select sha256 from janusq.content order by sha256 limit 1)
            """,
            AuditCodes.ContentAltered),
        new(
            "A document is replaced by another, compressed or not",
            "update janusq.content set bytes = '{}', size = 2, encoding = 'raw' where sha256 = (select sha256 from janusq.content "
            + "order by sha256 desc limit 1)",
            AuditCodes.ContentAltered),
        new(
            "A document is deleted",
            $"delete from janusq.content where encode(sha256, 'hex') = (select data ->> 'sha256' from janusq.mt_events "
            + $"where seq_id = ({OneArtifact}))",
            AuditCodes.ContentMissing),
        new(
            "The size of a document is changed in the event that names it",
            $$"""update janusq.mt_events set data = data || '{"size": 1}' where seq_id = ({{OneArtifact}})""",
            AuditCodes.ContentSizeMismatch),
        new(
            "A Janus artifact is replaced by one whose summary does not follow from its records, with its event and document",
            "",
            AuditCodes.ArtifactMismatch,
            ledger => ledger.ReplaceArtifactAsync(
                EventCarArtifact.SchemaVersion,
                artifact => artifact.With("summary", ((JsonObject)artifact["summary"]!).With("event_count", 1)))),
        new("The reasons of a decision are changed in its event", ReasonsChanged, AuditCodes.DecisionMismatch),
        new(
            "The reasons of a decision are changed consistently in all its rows: event, hash, projections, tables for compliance",
            ReasonsChanged, AuditCodes.DecisionMismatch,
            async ledger =>
            {
                await ledger.RehashAsync();
                await ledger.RebuildAsync();
            }),
        new(
            "A row of a projection is changed",
            "update janusq.mt_doc_candidate set data = data || '{\"stage\": \"live\"}' where id = (select min(id) "
            + "from janusq.mt_doc_candidate)",
            AuditCodes.ProjectionDiffers),
        new(
            "A row of a table for compliance is changed",
            "update compliance.decisions set decided_by = 'somebody' where decision_id = (select min(decision_id) "
            + "from compliance.decisions)",
            AuditCodes.ProjectionDiffers),
        new(
            "A denial is made a promotion that uses an approval a second time, the hash kept with it too",
            $$"""
            update janusq.mt_events set data = data || jsonb_build_object('action', 'promote', 'approved_mode', 'paper', 'approval_id', (
                select data ->> 'approval_id' from janusq.mt_events where type = 'approval_granted' order by seq_id limit 1))
            where seq_id = ({{Denied}})
            """,
            AuditCodes.ApprovalReused,
            ledger => ledger.RehashAsync()),
        new(
            "A promotion is approved by who submitted the run",
            "update janusq.mt_events set data = data || '{\"actor\": \"wanda\"}', user_name = 'wanda' where type = 'approval_granted'",
            AuditCodes.ApprovalNotIndependent,
            ledger => ledger.RehashAsync()),
        new(
            "An approval is made to have expired before it was used",
            "update janusq.mt_events set data = data || '{\"expires_at\": \"2026-02-25T12:30:00+00:00\"}' where type = 'approval_granted'",
            AuditCodes.ApprovalExpired,
            ledger => ledger.RehashAsync()),
        new(
            "The removal of a champion is deleted, so that a second one takes the place",
            "delete from janusq.mt_events where seq_id = (select min(seq_id) from janusq.mt_events where type = 'champion_removed')",
            AuditCodes.SecondChampion),
        new("A leaf is deleted", "delete from janusq.log_leaf where log_index = 10", AuditCodes.EventNotInLog),
        new(
            "The last leaf is deleted", "delete from janusq.log_leaf where log_index = (select max(log_index) from janusq.log_leaf)",
            AuditCodes.CheckpointBeyondLog),
        new(
            "A leaf is changed", "update janusq.log_leaf set leaf_hash = sha256('another') where log_index = 10",
            AuditCodes.CheckpointRootMismatch),
        new(
            "A tile is changed", "update janusq.log_tile set hashes = set_byte(hashes, 100, get_byte(hashes, 100) # 1)",
            AuditCodes.TileMismatch),
        new("A tile is deleted", "delete from janusq.log_tile", AuditCodes.TileMissing),
        new(
            "A checkpoint is replaced by one with another root",
            """
            update janusq.log_checkpoint
            set root = sha256('another'), note = replace(note, encode(root, 'base64'), encode(sha256('another'), 'base64'))
            """,
            AuditCodes.CheckpointSignatureInvalid),
        new(
            "Only the root beside a checkpoint is changed", "update janusq.log_checkpoint set root = sha256('another')",
            AuditCodes.CheckpointAltered),
        new(
            "All checkpoints are deleted", "delete from janusq.log_cosignature; delete from janusq.log_checkpoint",
            AuditCodes.LogNotSigned),
        new(
            "A byte of a witness's cosignature is changed",
            """
            update janusq.log_cosignature set signature = split_part(signature, ' ', 1) || ' ' || split_part(signature, ' ', 2) || ' '
                || replace(encode(set_byte(cosignature.made, 40, get_byte(cosignature.made, 40) # 1), 'base64'), E'\n', '')
            from (select tree_size as size, witness as maker, decode(split_part(signature, ' ', 3), 'base64') as made
                from janusq.log_cosignature) cosignature
            where tree_size = cosignature.size and witness = cosignature.maker
            """,
            AuditCodes.CosignatureInvalid),
        new(
            "A cosignature is put under another checkpoint than the one it was made of",
            "update janusq.log_cosignature set tree_size = (select min(tree_size) from janusq.log_checkpoint)",
            AuditCodes.CosignatureInvalid),
        new(
            "The time beside a cosignature is changed",
            "update janusq.log_cosignature set cosigned_at = cosigned_at - interval '1 day'",
            AuditCodes.CosignatureAltered),
        new(
            "The cosignatures of a checkpoint are deleted", "delete from janusq.log_cosignature", AuditCodes.CheckpointPolicyUnsatisfied)
            { NeedsPolicy = true },
        new(
            "The whole log is written anew over a changed event and signed with another key", DataChanged, AuditCodes.CheckpointKeyUnknown,
            async ledger =>
            {
                await ledger.RehashAsync();
                await ledger.RebuildAsync();
                await ledger.RelogAsync(2);
            }),
        new(
            "The whole log is written anew over a changed event and signed with the log's own key, which was stolen", DataChanged,
            AuditCodes.KeptCheckpointMismatch,
            async ledger =>
            {
                await ledger.RehashAsync();
                await ledger.RebuildAsync();
                await ledger.RelogAsync(1);
            }) { NeedsKeptCheckpoint = true },
        new(
            "A file of a run is replaced in event, hash and document, and the whole log written anew with the log's own key, "
            + "which was stolen",
            "",
            AuditCodes.EvaluationFileDiffers,
            async ledger =>
            {
                await ledger.ReplaceLastAsync(LanePaths.WalkForwardResults, results => results.With("note", "better"));
                await ledger.RebuildAsync();
                await ledger.RelogAsync(1);
            }) { NeedsDeep = true },
        new(
            "Everything after some event is cut off: events, leaves, tiles, checkpoints, and the projections made anew",
            """
            delete from janusq.log_tile;
            delete from janusq.log_cosignature where tree_size > (select min(tree_size) from janusq.log_checkpoint);
            delete from janusq.log_checkpoint where tree_size > (select min(tree_size) from janusq.log_checkpoint);
            delete from janusq.log_leaf where log_index >= (select max(tree_size) from janusq.log_checkpoint);
            delete from janusq.mt_events where seq_id > (select max(event_sequence) from janusq.log_leaf);
            update janusq.mt_streams s set version = (select coalesce(max(version), 0) from janusq.mt_events e where e.stream_id = s.id);
            delete from janusq.mt_streams where version = 0;
            update janusq.mt_event_progression set last_seq_id = (select max(seq_id) from janusq.mt_events)
            """,
            AuditCodes.KeptCheckpointBeyondLog,
            ledger => ledger.RebuildAsync()) { NeedsKeptCheckpoint = true },
    ];
}
