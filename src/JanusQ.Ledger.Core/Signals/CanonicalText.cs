using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Signals;

/// <summary>A text that occurs many times, with its canonical JSON spelling made once.</summary>
public sealed class CanonicalText
{
    private readonly byte[] _token;

    /// <summary>Takes a text without unpaired surrogates.</summary>
    public CanonicalText(string value)
    {
        Value = value;
        var buffer = new ByteBuffer(value.Length + 2);
        CanonicalJson.AppendText(buffer, value);
        _token = buffer.ToArray();
    }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>The JSON string in quotes, as both forms of JSON write it.</summary>
    public ReadOnlySpan<byte> Token => _token;

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Finds the one <see cref="CanonicalText"/> of a text again by the bytes of its spelling in a document.</summary>
internal sealed class CanonicalTextPool(Func<string, string>? rewrite = null)
{
    private readonly Dictionary<string, CanonicalText> _byText = new(StringComparer.Ordinal);
    private Entry?[] _buckets = new Entry?[256];
    private int _count;

    private sealed record Entry(byte[] Spelling, bool Plain, int Hash, CanonicalText Text, Entry? Next);

    /// <summary>The text of a text node, rewritten by the pool's rule.</summary>
    public CanonicalText Of(JsonNode node)
    {
        var spelling = node.Token;
        var hash = new HashCode();
        hash.AddBytes(spelling);
        var key = hash.ToHashCode();
        for (var entry = _buckets[key & (_buckets.Length - 1)]; entry is not null; entry = entry.Next)
            if (entry.Hash == key && entry.Plain == node.IsPlainText && spelling.SequenceEqual(entry.Spelling)) return entry.Text;
        var text = Of(node.Text);
        if (_count++ == _buckets.Length) Grow();
        ref var bucket = ref _buckets[key & (_buckets.Length - 1)];
        bucket = new Entry(spelling.ToArray(), node.IsPlainText, key, text, bucket);
        return text;
    }

    /// <summary>The one instance for a text, rewritten by the pool's rule.</summary>
    public CanonicalText Of(string value)
    {
        var rewritten = rewrite is null ? value : rewrite(value);
        if (!_byText.TryGetValue(rewritten, out var text)) _byText.Add(rewritten, text = new CanonicalText(rewritten));
        return text;
    }

    private void Grow()
    {
        var grown = new Entry?[_buckets.Length * 2];
        foreach (var bucket in _buckets)
        {
            for (var entry = bucket; entry is not null; entry = entry.Next)
            {
                ref var target = ref grown[entry.Hash & (grown.Length - 1)];
                target = entry with { Next = target };
            }
        }

        _buckets = grown;
    }
}
