using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Log;

/// <summary>The names of what stops the log, or of what it cannot answer (audit.md section 3).</summary>
public static class LogRefusals
{
    /// <summary>The data of an event do not hash to what was kept with it when it was appended.</summary>
    public const string EventAltered = "log_event_altered";

    /// <summary>An event's row cannot be read as an event.</summary>
    public const string EventUnreadable = "log_event_unreadable";

    /// <summary>An event that the log has taken is not there any more.</summary>
    public const string EventMissing = "log_event_missing";

    /// <summary>An event's row does not give the leaf that the log has taken.</summary>
    public const string LeafMismatch = "log_leaf_mismatch";

    /// <summary>The log holds fewer leaves than it has signed.</summary>
    public const string TailMissing = "log_tail_missing";

    /// <summary>The stored tiles give another root than the leaves that were appended.</summary>
    public const string TreeAltered = "log_tree_altered";

    /// <summary>The stored tree does not continue the one that was signed last.</summary>
    public const string Inconsistent = "log_inconsistent";

    /// <summary>The checkpoint that was signed last cannot be read, or is not what its columns say.</summary>
    public const string CheckpointAltered = "log_checkpoint_altered";

    /// <summary>The checkpoint that was signed last is of another log.</summary>
    public const string OriginMismatch = "log_origin_mismatch";

    /// <summary>No key that is known has signed the last checkpoint.</summary>
    public const string KeyUnknown = "log_key_unknown";

    /// <summary>The event numbers are drawn in a way that no safe mark can be known under.</summary>
    public const string SequenceUnsafe = "log_sequence_unsafe";

    /// <summary>There is no key to sign with.</summary>
    public const string KeyMissing = "log_key_missing";

    /// <summary>There is no such event.</summary>
    public const string UnknownEvent = "unknown_event";

    /// <summary>No checkpoint speaks for it yet.</summary>
    public const string NotSignedYet = "log_not_signed_yet";

    internal static LogStoppedException Stop(string code, string explanation, Exception? inner = null) =>
        new(new Refusal(code, explanation), inner);

    internal static LogStoppedException StopAt(string code, long sequence, Guid id, string explanation, Exception? inner = null) => new(
        new Refusal(code, string.Create(CultureInfo.InvariantCulture, $"Event {sequence} ({id:D}): {explanation}"))
            .With("sequence", sequence).With("event_id", id.ToString("D", CultureInfo.InvariantCulture)),
        inner);

    internal static LogStoppedException Altered(LoggedRow row, in Sha256Hash kept, in Sha256Hash found) => new(
        new Refusal(EventAltered, string.Create(
                CultureInfo.InvariantCulture,
                $"Event {row.Sequence} ({row.Id:D}): its data were appended with the hash {kept}, what is stored hashes to {found}."))
            .With("sequence", row.Sequence)
            .With("event_id", row.Id.ToString("D", CultureInfo.InvariantCulture))
            .With("expected", kept)
            .With("found", found));
}
