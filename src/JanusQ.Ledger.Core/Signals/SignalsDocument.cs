using System.Globalization;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Signals;

/// <summary>
/// Reads a signals document: a JSON array of objects, checked in input order, each signal wholly before the next (artifacts.md section 5).
/// Elements are read one at a time, so memory grows with the signals and not with the document's tree.
/// </summary>
public sealed class SignalsDocument
{
    private const int ChunkSize = 1 << 20;

    private readonly JsonTape _tape = new();
    private readonly CanonicalTextPool _texts = new();
    private readonly CanonicalTextPool _eventTypes = new(SignalEventType.Normalize);
    private readonly ByteBuffer _payload = new(1024);
    private byte[] _chunk = [];
    private int _chunkUsed;

    private SignalsDocument()
    {
    }

    /// <summary>Reads and checks a document. The list may be empty.</summary>
    /// <exception cref="RefusedException">
    /// <c>signals_document_invalid</c>, <c>signals_document_not_a_list</c>, <c>signal_invalid</c>, <c>signal_price_invalid</c> or
    /// <c>arithmetic_out_of_range</c> (artifacts.md section 5.4).
    /// </exception>
    /// <param name="document">The document's bytes.</param>
    /// <param name="threads">Threads to use; what is read does not depend on it.</param>
    public static IReadOnlyList<Signal> Read(byte[] document, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(document);
        return (threads > 1 ? SignalsInParts.TryRead(document, threads) : null) ?? new SignalsDocument().ReadAll(document);
    }

    /// <summary>
    /// Reads one part of a document whose parts were cut by guess; null where the cut or anything in the part is not as it should be.
    /// </summary>
    /// <param name="document">The whole document.</param>
    /// <param name="start">Where the part begins: at the document's begin, or at an element.</param>
    /// <param name="end">Where it ends: at the document's end, or at the first element of the next part.</param>
    internal static List<Signal>? TryReadPart(byte[] document, int start, int end)
    {
        try
        {
            return new SignalsDocument().ReadPart(document, start, end);
        }
        catch (JsonRejectedException)
        {
            return null;
        }
    }

    private List<Signal>? ReadPart(byte[] document, int start, int end)
    {
        _tape.OpenPart(document, start, end - start);
        if (start == 0 && !_tape.TryEnterArray()) return null;
        var isLast = end == document.Length;
        var signals = new List<Signal>();
        for (var index = 0; isLast ? _tape.NextElement(index == 0) : _tape.NextElementOfPart(index == 0); index++)
            if (Check(index, _tape.Root, signals) is not null) return null;
        if (isLast) _tape.Close();
        return signals;
    }

    private List<Signal> ReadAll(byte[] document)
    {
        try
        {
            _tape.Open(document, 0, document.Length);
            if (!_tape.TryEnterArray())
            {
                _tape.ReadNext();
                _tape.Close();
                throw new RefusedException(new Refusal(
                    "signals_document_not_a_list", $"The signals document must be a JSON array, it is of kind {_tape.Root.Kind}."));
            }

            var signals = new List<Signal>();
            Refusal? first = null;
            for (var index = 0; _tape.NextElement(index == 0); index++)
            {
                // A document that is malformed further down is refused as such, so reading goes on after the first bad signal.
                if (first is null) first = Check(index, _tape.Root, signals);
            }

            _tape.Close();
            return first is null ? signals : throw new RefusedException(first);
        }
        catch (JsonRejectedException rejected)
        {
            throw new RefusedException(
                new Refusal("signals_document_invalid", $"The signals document is not acceptable JSON: {rejected.Message}."));
        }
    }

    private Refusal? Check(int index, JsonNode element, List<Signal> signals)
    {
        if (!element.IsObject) return Invalid(index, "", "an object", element);
        var eventTs = element["event_ts"u8];
        if (!Instant.TryRead(eventTs, out var eventTime))
            return Invalid(index, "event_ts", "a timestamp such as 2026-01-05T14:30:00Z", eventTs);
        var symbol = element["symbol"u8];
        if (!symbol.IsText) return Invalid(index, "symbol", "a text", symbol);
        var payload = element["payload"u8];
        if (payload.IsPresent && !payload.IsObject) return Invalid(index, "payload", "an object or nothing", payload);
        var timeframe = element["timeframe"u8];
        if (timeframe.IsGiven && !timeframe.IsText) return Invalid(index, "timeframe", "a text or null", timeframe);
        var ingestTs = element["ingest_ts"u8];
        Instant ingestTime = default;
        if (ingestTs.IsGiven && !Instant.TryRead(ingestTs, out ingestTime))
            return Invalid(index, "ingest_ts", "a timestamp or null", ingestTs);
        var seq = element["seq"u8];
        long sequence = 0;
        if (seq.IsGiven && !TryReadSequence(seq, out sequence)) return Invalid(index, "seq", "an integer of 64 bits or null", seq);
        var source = element["source"u8];
        if (source.IsGiven && !source.IsText) return Invalid(index, "source", "a text or null", source);
        Decimal28? price;
        try
        {
            if (!SignalPrice.TryRead(payload, out var field, out price))
            {
                return new Refusal("signal_price_invalid", $"signals[{Number(index)}].payload.{field} must be a finite decimal.")
                    .With("signal_index", index).With("field", field!);
            }
        }
        catch (DecimalRangeException)
        {
            return new Refusal("arithmetic_out_of_range", $"The price of signals[{Number(index)}] is beyond the range of decimals.");
        }

        signals.Add(new Signal
        {
            Index = index,
            EventTime = eventTime,
            IngestTime = ingestTs.IsGiven ? ingestTime : null,
            Symbol = _texts.Of(symbol),
            Timeframe = timeframe.IsGiven ? _texts.Of(timeframe) : null,
            Source = source.IsGiven ? _texts.Of(source) : null,
            Sequence = seq.IsGiven ? sequence : null,
            Price = price,
            EventType = SignalEventType.Of(payload, _eventTypes),
            CanonicalPayload = Keep(payload),
        });
        return null;
    }

    private static bool TryReadSequence(JsonNode node, out long sequence)
    {
        sequence = 0;
        return node.Kind == JsonKind.Integer
            && long.TryParse(node.Token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out sequence);
    }

    private ReadOnlyMemory<byte> Keep(JsonNode payload)
    {
        _payload.Clear();
        if (payload.IsPresent) payload.AppendCanonical(_payload);
        else _payload.Append("{}"u8);
        if (_chunk.Length - _chunkUsed < _payload.Length)
        {
            _chunk = GC.AllocateUninitializedArray<byte>(Math.Max(ChunkSize, _payload.Length));
            _chunkUsed = 0;
        }

        _payload.Written.CopyTo(_chunk.AsSpan(_chunkUsed));
        var kept = new ReadOnlyMemory<byte>(_chunk, _chunkUsed, _payload.Length);
        _chunkUsed += _payload.Length;
        return kept;
    }

    private static Refusal Invalid(int index, string field, string expected, JsonNode found)
    {
        var place = field.Length == 0 ? $"signals[{Number(index)}]" : $"signals[{Number(index)}].{field}";
        var what = found.IsPresent ? $"a value of kind {found.Kind}" : "nothing";
        if (found.IsPresent && found.Kind is JsonKind.Text or JsonKind.Integer or JsonKind.Real && found.Token.Length <= 60)
            what = $"{found.Kind} {found.ToValue()}";
        return new Refusal("signal_invalid", $"{place} must be {expected}, found {what}.").With("signal_index", index).With("field", field);
    }

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);
}
