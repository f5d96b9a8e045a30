using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>
/// The members of an entry of an artifact's array, laid out in the canonical form and in the file form. The values are spelled once
/// (<see cref="EntryValues"/>); both layouts copy them.
/// </summary>
internal sealed class EntryLayout
{
    private const int Level = 2;

    private readonly int[] _canonicalOrder;
    private readonly byte[][] _canonicalPrefixes;
    private readonly byte[][] _filePrefixes;
    private readonly int[] _fileOrder;

    /// <summary>
    /// Lays out members that the values carry in the order of <paramref name="names"/>; <paramref name="subset"/> picks some of them.
    /// </summary>
    public EntryLayout(string[] names, string[]? subset = null)
    {
        _fileOrder = [.. Enumerable.Range(0, names.Length).Where(i => subset is null || subset.Contains(names[i]))];
        _filePrefixes = [.. _fileOrder.Select((member, place) => FilePrefix(names[member], place))];
        _canonicalOrder = [.. _fileOrder.OrderBy(i => names[i], CodePoints.Order)];
        _canonicalPrefixes = [.. _canonicalOrder.Select(
            (member, place) => Encoding.ASCII.GetBytes($"{(place == 0 ? '{' : ',')}\"{names[member]}\":"))];
    }

    /// <summary>Appends the canonical form.</summary>
    public void AppendCanonical(ByteBuffer target, EntryValues values)
    {
        for (var i = 0; i < _canonicalOrder.Length; i++)
        {
            target.Append(_canonicalPrefixes[i]);
            target.Append(values[_canonicalOrder[i]]);
        }

        target.Append((byte)'}');
    }

    /// <summary>Appends the file form as an element of an array that is a member of the document.</summary>
    public void AppendFile(ByteBuffer target, EntryValues values)
    {
        for (var i = 0; i < _fileOrder.Length; i++)
        {
            target.Append(_filePrefixes[i]);
            target.Append(values[_fileOrder[i]]);
        }

        FileJson.AppendBreak(target, Level, false);
        target.Append((byte)'}');
    }

    private static byte[] FilePrefix(string name, int place)
    {
        var prefix = new ByteBuffer();
        if (place == 0) prefix.Append((byte)'{');
        FileJson.AppendBreak(prefix, Level + 1, place > 0);
        CanonicalJson.AppendText(prefix, name);
        prefix.Append(": "u8);
        return prefix.ToArray();
    }
}

/// <summary>The spelled values of one entry, in the order of its layout's names.</summary>
internal sealed class EntryValues(int members)
{
    private readonly ByteBuffer _bytes = new(512);
    private readonly (int Start, int End)[] _places = new (int, int)[members];
    private int _count;

    /// <summary>The JSON spelling of a member.</summary>
    public ReadOnlySpan<byte> this[int member] => _bytes.Written[_places[member].Start.._places[member].End];

    /// <summary>Starts on the next entry.</summary>
    public void Clear()
    {
        _bytes.Clear();
        _count = 0;
    }

    /// <summary>Adds a text.</summary>
    public void Add(CanonicalText text) => AddToken(text.Token);

    /// <summary>Adds a value whose JSON spelling is known.</summary>
    public void AddToken(ReadOnlySpan<byte> token)
    {
        var start = _bytes.Length;
        _bytes.Append(token);
        _places[_count++] = (start, _bytes.Length);
    }

    /// <summary>Adds any text.</summary>
    public void Add(string text)
    {
        var start = _bytes.Length;
        CanonicalJson.AppendText(_bytes, text);
        _places[_count++] = (start, _bytes.Length);
    }

    /// <summary>Adds an integer.</summary>
    public void Add(long value)
    {
        var start = _bytes.Length;
        CanonicalJson.AppendInteger(_bytes, value);
        _places[_count++] = (start, _bytes.Length);
    }

    /// <summary>Adds the instant text.</summary>
    public void Add(Instant instant)
    {
        var start = _bytes.Length;
        _bytes.Append((byte)'"');
        instant.AppendTo(_bytes);
        End(start);
    }

    /// <summary>Adds the artifact text of a decimal.</summary>
    public void Add(in Decimal28 value)
    {
        var start = _bytes.Length;
        _bytes.Append((byte)'"');
        value.AppendArtifactText(_bytes);
        End(start);
    }

    /// <summary>Adds an id as hex digits.</summary>
    public void Add(EntryId id) => AddHex(id);

    /// <summary>Adds a digest as hex digits.</summary>
    public void Add(Sha256Hash hash) => AddHex(hash.Bytes);

    /// <summary>Adds the value of an earlier member once more.</summary>
    public void AddSame(int member) => _places[_count++] = _places[member];

    private void AddHex(ReadOnlySpan<byte> digest)
    {
        var start = _bytes.Length;
        _bytes.Append((byte)'"');
        Sha256Hash.AppendHex(digest, _bytes);
        End(start);
    }

    private void End(int start)
    {
        _bytes.Append((byte)'"');
        _places[_count++] = (start, _bytes.Length);
    }
}
