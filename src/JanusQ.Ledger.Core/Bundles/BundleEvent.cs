using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Bundles;

/// <summary>
/// One line of <c>events.jsonl</c>: the canonical JSON of <c>{"data":DATA,"leaf":LEAF,"log_index":INDEX}</c>. The very bytes of leaf and
/// data stand in it, so nobody has to spell them again to take their hashes: the leaf begins at the last <c>,"leaf":{"actor":</c>, because
/// its members are all texts and numbers and no text can hold a quote without a backslash before it.
/// </summary>
public readonly ref struct BundleEvent
{
    /// <summary>Bytes of a line at most.</summary>
    public const int MostBytes = 64 << 20;

    private BundleEvent(long index, ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> data)
    {
        Index = index;
        Leaf = leaf;
        Data = data;
    }

    /// <summary>Index of the leaf in the log.</summary>
    public long Index { get; }

    /// <summary>The leaf's bytes.</summary>
    public ReadOnlySpan<byte> Leaf { get; }

    /// <summary>The canonical JSON of the event's data.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Appends the line with its newline.</summary>
    public static void Append(ByteBuffer target, long index, ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.Append("{\"data\":"u8);
        target.Append(data);
        target.Append(",\"leaf\":"u8);
        target.Append(leaf);
        target.Append(",\"log_index\":"u8);
        CanonicalJson.AppendInteger(target, index);
        target.Append("}\n"u8);
    }

    /// <summary>Takes a line apart. Neither leaf nor data are looked into.</summary>
    /// <param name="line">The line without its newline. The parts are parts of it.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="refusal"><c>bundle_event_malformed</c></param>
    public static bool TryRead(ReadOnlySpan<byte> line, out BundleEvent parts, [NotNullWhen(false)] out Refusal? refusal)
    {
        parts = default;
        refusal = null;
        var leafAt = line.LastIndexOf(",\"leaf\":{\"actor\":"u8);
        var indexAt = line.LastIndexOf(",\"log_index\":"u8);
        var before = "{\"data\":"u8;
        if (leafAt > before.Length && indexAt > leafAt && line.StartsWith(before) && line[^1] == '}')
        {
            var leaf = line[(leafAt + ",\"leaf\":"u8.Length)..indexAt];
            var digits = line[(indexAt + ",\"log_index\":"u8.Length)..^1];
            if (long.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && (digits.Length == 1 || digits[0] != '0'))
            {
                parts = new BundleEvent(index, leaf, line[before.Length..leafAt]);
                return true;
            }
        }

        refusal = new Refusal("bundle_event_malformed", "Expected {\"data\":DATA,\"leaf\":LEAF,\"log_index\":INDEX} without blanks.");
        return false;
    }
}
