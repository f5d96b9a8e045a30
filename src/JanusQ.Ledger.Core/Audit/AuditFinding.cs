using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Audit;

/// <summary>Which event.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Sequence">Its place in the ledger.</param>
/// <param name="Stream">Key of its stream.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
public readonly record struct EventPlace(Guid Id, long Sequence, string Stream, long Version);

/// <summary>Something that is not as it must be: where, what was expected, what was found (audit.md section 4).</summary>
/// <param name="Check">The check that found it.</param>
/// <param name="Code">Its name: one of <see cref="AuditCodes"/>.</param>
/// <param name="Expected">What was expected there.</param>
/// <param name="Found">What was found.</param>
public sealed record AuditFinding(AuditCheck Check, string Code, string Expected, string Found)
{
    /// <summary>The event, or none.</summary>
    public EventPlace? At { get; init; }

    /// <summary>Key of the stream where it is about a whole stream.</summary>
    public string? Stream { get; init; }

    /// <summary>The stored document, or none.</summary>
    public Sha256Hash? Content { get; init; }

    /// <summary>What else it is about: a checkpoint, a tile, a member of an artifact, a decision, a projection.</summary>
    public string? Subject { get; init; }

    /// <summary>The finding as an object; what does not apply is null.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("check", Check.Letter().ToString()),
        ("code", Code),
        ("event_id", At?.Id.ToString("D", CultureInfo.InvariantCulture)),
        ("sequence", At is { } place ? place.Sequence : JsonValue.Null),
        ("stream", At?.Stream ?? Stream),
        ("version", At is { } versioned ? versioned.Version : JsonValue.Null),
        ("content_sha256", Content is { } content ? content : JsonValue.Null),
        ("subject", Subject),
        ("expected", Expected),
        ("found", Found));

    /// <summary>A sentence for people, from the finding as an object; none where it is no such object.</summary>
    public static string? TextOf(JsonObject finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        string? Member(string name) => (finding[name] as JsonText)?.Value;
        if (Member("check") is not { } check || Member("code") is not { } code) return null;
        if (Member("expected") is not { } expected || Member("found") is not { } found) return null;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"({check}) {code}");
        if (Member("event_id") is { } id)
        {
            if (finding["sequence"] is not JsonInteger sequence || finding["version"] is not JsonInteger version) return null;
            text.Append(CultureInfo.InvariantCulture, $", event {sequence.Value} ({id}) in {Member("stream")} at {version.Value}");
        }
        else if (Member("stream") is { } stream)
        {
            text.Append(CultureInfo.InvariantCulture, $", stream {stream}");
        }

        if (Member("content_sha256") is { } content) text.Append(CultureInfo.InvariantCulture, $", content {content}");
        if (Member("subject") is { } subject) text.Append(CultureInfo.InvariantCulture, $", {subject}");
        return text.Append(CultureInfo.InvariantCulture, $": expected {expected}, found {found}").ToString();
    }

    /// <inheritdoc />
    public override string ToString() => TextOf(ToJson())!;
}
