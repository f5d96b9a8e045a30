namespace JanusQ.Ledger.Core.Audit;

/// <summary>The names of findings (audit.md section 4). Part of the contract: a name never changes its meaning.</summary>
public static class AuditCodes
{
    /// <summary>(a) The data of an event do not hash to what was kept with it when it was appended.</summary>
    public const string EventDataAltered = "event_data_altered";

    /// <summary>(a) An event's row gives another leaf than the log has taken.</summary>
    public const string EventLeafMismatch = "event_leaf_mismatch";

    /// <summary>(a) An event's row cannot be read as an event.</summary>
    public const string EventUnreadable = "event_unreadable";

    /// <summary>(a) A stored tile is not what its leaves give.</summary>
    public const string TileMismatch = "tile_mismatch";

    /// <summary>(a) A full tile is not stored.</summary>
    public const string TileMissing = "tile_missing";

    /// <summary>(a) A tile is stored that the leaves do not fill.</summary>
    public const string TileUnexpected = "tile_unexpected";

    /// <summary>(a) A checkpoint cannot be read, or its row says something else than its note.</summary>
    public const string CheckpointAltered = "checkpoint_altered";

    /// <summary>(a) None of the given keys has signed a checkpoint.</summary>
    public const string CheckpointKeyUnknown = "checkpoint_key_unknown";

    /// <summary>(a) The signature under a checkpoint is not good for its text.</summary>
    public const string CheckpointSignatureInvalid = "checkpoint_signature_invalid";

    /// <summary>(a) The tree has another root than a checkpoint says.</summary>
    public const string CheckpointRootMismatch = "checkpoint_root_mismatch";

    /// <summary>(a) A checkpoint speaks for more leaves than there are.</summary>
    public const string CheckpointBeyondLog = "checkpoint_beyond_log";

    /// <summary>(a) A checkpoint that somebody outside kept is not of this tree.</summary>
    public const string KeptCheckpointMismatch = "kept_checkpoint_mismatch";

    /// <summary>(a) A checkpoint that somebody outside kept speaks for more leaves than there are.</summary>
    public const string KeptCheckpointBeyondLog = "kept_checkpoint_beyond_log";

    /// <summary>(a) Two signed checkpoints of one size have different roots.</summary>
    public const string CheckpointsContradict = "checkpoints_contradict";

    /// <summary>(a) A kept cosignature cannot be read, or its row says something else than the signature itself.</summary>
    public const string CosignatureAltered = "cosignature_altered";

    /// <summary>(a) A kept cosignature is not good for the checkpoint that it stands under.</summary>
    public const string CosignatureInvalid = "cosignature_invalid";

    /// <summary>(a) The checkpoint that is relied on is not cosigned as the given policy of witnesses asks.</summary>
    public const string CheckpointPolicyUnsatisfied = "checkpoint_policy_unsatisfied";

    /// <summary>(a) There are events, and nothing is signed.</summary>
    public const string LogNotSigned = "log_not_signed";

    /// <summary>(b) An event is not in the log, although the log has passed its place.</summary>
    public const string EventNotInLog = "event_not_in_log";

    /// <summary>(b) The log has taken an event that is not there.</summary>
    public const string LeafWithoutEvent = "leaf_without_event";

    /// <summary>(b) The leaves have a gap, or another order than their events.</summary>
    public const string LeafOutOfPlace = "leaf_out_of_place";

    /// <summary>(b) The versions of a stream are not 1, 2, 3 and so on.</summary>
    public const string StreamVersionsBroken = "stream_versions_broken";

    /// <summary>(b) A stream's head is not the version of its last event.</summary>
    public const string StreamHeadMismatch = "stream_head_mismatch";

    /// <summary>(b) An event or a stream is marked as archived, which hides it from whoever reads streams.</summary>
    public const string EventHidden = "event_hidden";

    /// <summary>(c) A document that an event names is not stored.</summary>
    public const string ContentMissing = "content_missing";

    /// <summary>(c) Stored bytes do not hash to their key.</summary>
    public const string ContentAltered = "content_altered";

    /// <summary>(c) A document does not have the size that is said of it.</summary>
    public const string ContentSizeMismatch = "content_size_mismatch";

    /// <summary>(d) A Janus artifact does not say what follows from its records.</summary>
    public const string ArtifactMismatch = "artifact_mismatch";

    /// <summary>(d) A Janus artifact cannot be read.</summary>
    public const string ArtifactUnreadable = "artifact_unreadable";

    /// <summary>(e) A decision that is derived again is not the recorded one.</summary>
    public const string DecisionMismatch = "decision_mismatch";

    /// <summary>(e) Content that a decision rests on is not stored.</summary>
    public const string DecisionEvidenceMissing = "decision_evidence_missing";

    /// <summary>(e) Content that a decision rests on does not hash to its name.</summary>
    public const string DecisionEvidenceCorrupt = "decision_evidence_corrupt";

    /// <summary>(e) A decision was derived by a version that this build does not have, so it cannot be said whether it is right.</summary>
    public const string DecisionEvaluatorUnknown = "decision_evaluator_unknown";

    /// <summary>(e) The events of a candidate do not add up to a state, so its decisions cannot be derived again.</summary>
    public const string HistoryBroken = "history_broken";

    /// <summary>(f) A projection is not what the events say.</summary>
    public const string ProjectionDiffers = "projection_differs";

    /// <summary>(f) A projection cannot be made from the events.</summary>
    public const string ProjectionNotRebuildable = "projection_not_rebuildable";

    /// <summary>(g) Somebody took a place that was not empty.</summary>
    public const string SecondChampion = "second_champion";

    /// <summary>(g) Somebody left a place without having it.</summary>
    public const string ChampionNotInPlace = "champion_not_in_place";

    /// <summary>(g) A change of a place has no counterpart in its candidate's stream, or the other way round.</summary>
    public const string PlaceChangeUnmatched = "place_change_unmatched";

    /// <summary>(g) Somebody took a place without a decision that promotes it.</summary>
    public const string PromotionWithoutDecision = "promotion_without_decision";

    /// <summary>(g) A decision promotes and nobody took the place.</summary>
    public const string PromotionWithoutPlace = "promotion_without_place";

    /// <summary>(g) A promotion rests on an approval that was never granted.</summary>
    public const string ApprovalUnknown = "approval_unknown";

    /// <summary>(g) A promotion rests on an approval that was used before.</summary>
    public const string ApprovalReused = "approval_reused";

    /// <summary>(g) A promotion rests on an approval of somebody who submitted to the run.</summary>
    public const string ApprovalNotIndependent = "approval_not_independent";

    /// <summary>(g) A promotion rests on an approval that had been taken back.</summary>
    public const string ApprovalRevoked = "approval_revoked";

    /// <summary>(g) A promotion rests on an approval that had expired.</summary>
    public const string ApprovalExpired = "approval_expired";

    /// <summary>(g) A promotion rests on an approval of another run, target, policy or artifact set.</summary>
    public const string ApprovalMismatch = "approval_mismatch";

    /// <summary>(h) A file of an evaluation is not the one that its lane emits.</summary>
    public const string EvaluationFileDiffers = "evaluation_file_differs";

    /// <summary>(h) The lane emits a file that the evaluation does not have.</summary>
    public const string EvaluationFileMissing = "evaluation_file_missing";

    /// <summary>(h) An evaluation has a file that its lane does not emit.</summary>
    public const string EvaluationFileUnexpected = "evaluation_file_unexpected";

    /// <summary>(h) The lane refuses the inputs of an evaluation, or they make another run.</summary>
    public const string EvaluationNotReproduced = "evaluation_not_reproduced";
}
