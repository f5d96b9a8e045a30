using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// What the log keeps of an event (audit.md section 3): the canonical JSON of its envelope, with the hash of its data in place of the data.
/// </summary>
public sealed record LogLeaf
{
    /// <summary>Bytes of a leaf at most: bundles give its length 16 bits.</summary>
    public const int MostBytes = ushort.MaxValue;

    private const int Members = 9;

    /// <summary>The event's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Key of its stream.</summary>
    public required string Stream { get; init; }

    /// <summary>Its position in the stream, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>Its position among all events of the store; it may have gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The name under which it is stored, for instance <c>lane_run_started.v1</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The number of the data's shape, from 1.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>When the store took it.</summary>
    public required Instant Timestamp { get; init; }

    /// <summary>Who did it.</summary>
    public required string Actor { get; init; }

    /// <summary>SHA-256 of the canonical JSON of its data, as appended.</summary>
    public required Sha256Hash DataSha256 { get; init; }

    /// <summary>Appends the leaf's bytes.</summary>
    /// <param name="target">Takes them; nothing of a leaf that is refused stays in it.</param>
    /// <param name="refusal">
    /// <c>log_leaf_too_large</c>, or <c>log_leaf_invalid</c> for a text that JSON cannot carry: an unpaired surrogate.
    /// </param>
    public bool TryAppend(ByteBuffer target, [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(target);
        refusal = null;
        var start = target.Length;
        if (!LogText.CanBeEncoded(Stream) || !LogText.CanBeEncoded(Type) || !LogText.CanBeEncoded(Actor))
            refusal = new Refusal("log_leaf_invalid", "A text of the event holds an unpaired surrogate.");
        else
            Append(target);
        if (target.Length - start > MostBytes)
        {
            refusal = new Refusal("log_leaf_too_large", $"The leaf has {target.Length - start} bytes, more than {MostBytes}.");
            target.Truncate(start);
        }

        return refusal is null;
    }

    /// <summary>The leaf's bytes.</summary>
    /// <exception cref="RefusedException">As <see cref="TryAppend"/> refuses.</exception>
    public byte[] ToBytes()
    {
        var buffer = new ByteBuffer(512);
        return TryAppend(buffer, out var refusal) ? buffer.ToArray() : throw new RefusedException(refusal);
    }

    /// <summary>The leaf's hash in the tree.</summary>
    /// <exception cref="RefusedException">As <see cref="TryAppend"/> refuses.</exception>
    public Sha256Hash Hash() => MerkleHash.Leaf(ToBytes());

    /// <summary>Reads a leaf.</summary>
    /// <param name="bytes">Its bytes, as a bundle holds them.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="refusal">
    /// <c>log_leaf_malformed</c>: anything that is not exactly how the leaf is spelled, so that no two spellings mean the same event.
    /// </param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LogLeaf? leaf, [NotNullWhen(false)] out Refusal? refusal)
    {
        leaf = bytes.Length <= MostBytes && JsonValue.TryRead(bytes.ToArray(), out var value, out _) ? Read(value) : null;
        if (leaf is not null)
        {
            var spelled = new ByteBuffer(bytes.Length);
            leaf.Append(spelled);
            if (!spelled.Written.SequenceEqual(bytes)) leaf = null;
        }

        refusal = leaf is null ? new Refusal("log_leaf_malformed", "Expected the canonical JSON of an event's envelope.") : null;
        return leaf is not null;
    }

    private static LogLeaf? Read(JsonValue value)
    {
        if (value is not JsonObject { Count: Members } leaf
            || leaf["id"] is not JsonText id || !Guid.TryParseExact(id.Value, "D", out var guid)
            || leaf["stream"] is not JsonText stream || leaf["type"] is not JsonText type || leaf["actor"] is not JsonText actor
            || !TryNumber(leaf["version"], long.MaxValue, out var version) || !TryNumber(leaf["sequence"], long.MaxValue, out var sequence)
            || !TryNumber(leaf["schema_version"], int.MaxValue, out var schema)
            || !Instant.TryParse((leaf["timestamp"] as JsonText)?.Value, out var timestamp)
            || !Sha256Hash.TryParse((leaf["data_sha256"] as JsonText)?.Value, out var data))
        {
            return null;
        }

        return new LogLeaf
        {
            Id = guid,
            Stream = stream.Value,
            Version = version,
            Sequence = sequence,
            Type = type.Value,
            SchemaVersion = (int)schema,
            Timestamp = timestamp,
            Actor = actor.Value,
            DataSha256 = data,
        };
    }

    private static bool TryNumber(JsonValue? value, long most, out long number)
    {
        var fits = value is JsonInteger integer && integer.Value >= 0 && integer.Value <= most;
        number = fits ? (long)((JsonInteger)value!).Value : 0;
        return fits;
    }

    // Spelled member by member in canonical order: a log hashes every event, and a tree of values costs more than the hash.
    private void Append(ByteBuffer target)
    {
        target.Append("{\"actor\":"u8);
        CanonicalJson.AppendText(target, Actor);
        target.Append(",\"data_sha256\":\""u8);
        DataSha256.AppendHex(target);
        target.Append("\",\"id\":\""u8);
        Id.TryFormat(target.Reserve(36), out var written);
        target.Advance(written);
        target.Append("\",\"schema_version\":"u8);
        CanonicalJson.AppendInteger(target, SchemaVersion);
        target.Append(",\"sequence\":"u8);
        CanonicalJson.AppendInteger(target, Sequence);
        target.Append(",\"stream\":"u8);
        CanonicalJson.AppendText(target, Stream);
        target.Append(",\"timestamp\":\""u8);
        Timestamp.AppendTo(target);
        target.Append("\",\"type\":"u8);
        CanonicalJson.AppendText(target, Type);
        target.Append(",\"version\":"u8);
        CanonicalJson.AppendInteger(target, Version);
        target.Append((byte)'}');
    }
}
