using System.Text.Json;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using JasperFx.Events;

namespace JanusQ.Ledger.Candidates;

/// <summary>An event as it stands in the ledger.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its place in its stream, from 1.</param>
/// <param name="Sequence">Its place in the ledger.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="Timestamp">When it was appended, by the clock of the program that did.</param>
/// <param name="CorrelationId">The piece of work that it belongs to, or none.</param>
/// <param name="CausationId">What caused it, or none.</param>
/// <param name="Happened">What happened.</param>
public sealed record RecordedEvent(
    Guid Id, long Version, long Sequence, string Type, Instant Timestamp, string? CorrelationId, string? CausationId,
    CandidateEvent Happened)
{
    /// <summary>The event's data as a JSON value.</summary>
    public JsonValue Data => DataOf(Happened);

    /// <summary>An event's data as a JSON value.</summary>
    public static JsonValue DataOf(LedgerEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return JsonValue.Read(JsonSerializer.SerializeToUtf8Bytes(happened, happened.GetType(), LedgerJson.Options));
    }

    /// <summary>The event as a document: the same for the command line and the server, and stable.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("version", Version),
        ("sequence", Sequence),
        ("event_id", Id.ToString()),
        ("type", Type),
        ("timestamp", Timestamp.ToString()),
        ("actor", Happened.Actor),
        ("role", Happened.Role),
        ("correlation_id", CorrelationId),
        ("causation_id", CausationId),
        ("data", Data));

    /// <summary>Reads the document again, as strictly as events are read from the database.</summary>
    /// <exception cref="FormatException">It is no document of a candidate's event.</exception>
    public static RecordedEvent Read(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var type = Text("type");
        var known = EventNames.All.FirstOrDefault(name => string.Equals(name.Name, type, StringComparison.Ordinal))?.Type;
        if (known?.IsAssignableTo(typeof(CandidateEvent)) != true) throw Unexpected($"an event of a candidate as its type, not '{type}'");
        try
        {
            return new RecordedEvent(
                System.Guid.Parse(Text("event_id")),
                Number("version"),
                Number("sequence"),
                type,
                Instant.Parse(Text("timestamp")),
                (document["correlation_id"] as JsonText)?.Value,
                (document["causation_id"] as JsonText)?.Value,
                (CandidateEvent?)JsonSerializer.Deserialize(
                    FileJson.Bytes(document["data"] ?? throw Unexpected("data")), known, LedgerJson.Options) ?? throw Unexpected("data"));
        }
        catch (JsonException wrong)
        {
            throw Unexpected($"data of a {type}: {wrong.Message}");
        }

        string Text(string member) => (document[member] as JsonText)?.Value ?? throw Unexpected(member);

        long Number(string member) => document[member] is JsonInteger { Value: var value } && value > 0 && value <= long.MaxValue
            ? (long)value
            : throw Unexpected(member);

        static FormatException Unexpected(string what) => new($"The document of an event must have {what}.");
    }

    internal static RecordedEvent Of(IEvent recorded) => new(
        recorded.Id,
        recorded.Version,
        recorded.Sequence,
        recorded.EventTypeName,
        Instant.Of(recorded.Timestamp),
        recorded.CorrelationId,
        recorded.CausationId,
        recorded.Data as CandidateEvent
            ?? throw new UnknownCandidateEventException(
                $"The stream {recorded.StreamKey} holds a {recorded.EventTypeName}, which is no candidate's event."));
}
