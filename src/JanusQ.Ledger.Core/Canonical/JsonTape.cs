using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>
/// A strict reader of JSON (artifacts.md section 1) that lays a value out flat: one node a value or member name, children behind their
/// parent, texts and numbers as places in the source. A tape is reused for many values, so reading allocates nothing in the steady state.
/// <see cref="JsonValue"/> is the tree for everything that is not read by the ten thousand.
/// </summary>
public sealed class JsonTape
{
    /// <summary>Deepest nesting accepted (A16).</summary>
    public const int MaxDepth = 256;

    /// <summary>Most digits of an integer token accepted (A15).</summary>
    public const int MaxIntegerDigits = 4300;

    private const int PairwiseLimit = 12;

    /// <summary>Bytes that stand for themselves in a canonical string: U+0020 to U+007E without quote and backslash.</summary>
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create(
            [.. Enumerable.Range(0x20, 0x5F).Select(value => (byte)value).Where(value => value is not ((byte)'"' or (byte)'\\'))]);

    private readonly string?[] _names = new string?[256];
    private Node[] _nodes = new Node[64];
    private int _count;
    private byte[] _source = [];
    private int _position;
    private int _end;
    private int _depth;

    /// <summary>One value or member name. <c>Start</c> and <c>Length</c> are the token in the source, a text without its quotes.</summary>
    private struct Node
    {
        public int Start;
        public int Length;
        public int After;
        public int Count;
        public JsonKind Kind;
        public bool Flag;
    }

    /// <summary>The value read last.</summary>
    public JsonNode Root => new(this, 0);

    /// <summary>Reads a whole document: one value and blanks around it.</summary>
    /// <exception cref="JsonRejectedException">The document is refused.</exception>
    public void ReadDocument(byte[] source) => ReadDocument(source, 0, source?.Length ?? 0);

    /// <summary>Reads a whole document that is a part of a byte array.</summary>
    /// <exception cref="JsonRejectedException">The document is refused.</exception>
    public void ReadDocument(byte[] source, int start, int length)
    {
        Open(source, start, length);
        ReadNext();
        Close();
    }

    /// <summary>Starts on a document whose top-level elements are read one at a time. Checks that the bytes are UTF-8.</summary>
    internal void Open(byte[] source, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _position = start;
        _end = start + length;
        _depth = 0;
        _count = 0;
        var bytes = source.AsSpan(start, length);
        if (!Utf8.IsValid(bytes)) throw Refuse("The bytes are not UTF-8", start + FirstInvalidUtf8(bytes));
    }

    /// <summary>
    /// Whether the next value is an array; if so its bracket is passed and elements are read by <see cref="NextElement"/>.
    /// </summary>
    internal bool TryEnterArray()
    {
        SkipBlanks();
        if (_position >= _end || _source[_position] != '[') return false;
        _position++;
        _depth = 1;
        return true;
    }

    /// <summary>Reads the next element of the array entered, forgetting the one before; false at the array's end.</summary>
    internal bool NextElement(bool first)
    {
        SkipBlanks();
        if (Peek() == ']')
        {
            _position++;
            _depth = 0;
            return false;
        }

        if (!first)
        {
            if (Peek() != ',') throw Refuse("Expected ',' or ']' after an element");
            _position++;
        }

        _count = 0;
        ReadValue();
        return true;
    }

    /// <summary>
    /// Starts on a part of an array: elements with a comma behind each of them. Checks that the part's bytes are UTF-8.
    /// </summary>
    internal void OpenPart(byte[] source, int start, int length)
    {
        Open(source, start, length);
        _depth = 1;
    }

    /// <summary>Reads the next element of the part, forgetting the one before; false where the part ends behind a comma.</summary>
    internal bool NextElementOfPart(bool first)
    {
        SkipBlanks();
        if (!first)
        {
            if (Peek() != ',') throw Refuse("Expected ',' after an element");
            _position++;
            SkipBlanks();
            if (_position == _end) return false;
        }

        _count = 0;
        ReadValue();
        return true;
    }

    /// <summary>Reads the next value, forgetting the one before.</summary>
    internal void ReadNext()
    {
        _count = 0;
        ReadValue();
    }

    /// <summary>Checks that only blanks follow.</summary>
    internal void Close()
    {
        SkipBlanks();
        if (_position != _end) throw Refuse("Expected the end of the document");
    }

    internal JsonKind KindOf(int node) => _nodes[node].Kind;

    internal bool FlagOf(int node) => _nodes[node].Flag;

    internal int CountOf(int node) => _nodes[node].Count;

    internal int AfterOf(int node) => _nodes[node].After;

    internal ReadOnlySpan<byte> TokenOf(int node) => _source.AsSpan(_nodes[node].Start, _nodes[node].Length);

    private int Peek() => _position < _end ? _source[_position] : -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipBlanks()
    {
        var source = _source;
        while (_position < _end && source[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _position++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(JsonKind kind, int start, int length, bool flag)
    {
        if (_count == _nodes.Length) Array.Resize(ref _nodes, _nodes.Length * 2);
        ref var node = ref _nodes[_count];
        node.Start = start;
        node.Length = length;
        node.Kind = kind;
        node.Flag = flag;
        node.Count = 0;
        node.After = _count + 1;
        return _count++;
    }

    private void ReadValue()
    {
        SkipBlanks();
        switch (Peek())
        {
            case '{':
                ReadObject();
                break;
            case '[':
                ReadArray();
                break;
            case '"':
                ReadText();
                break;
            case 't':
                ReadWord("true"u8, JsonKind.Boolean, true);
                break;
            case 'f':
                ReadWord("false"u8, JsonKind.Boolean, false);
                break;
            case 'n':
                ReadWord("null"u8, JsonKind.Null, false);
                break;
            case '-' or (>= '0' and <= '9'):
                ReadNumber();
                break;
            default:
                throw Refuse(_position < _end ? "Expected a JSON value" : "Expected a JSON value, found the end of the document");
        }
    }

    private void ReadWord(ReadOnlySpan<byte> word, JsonKind kind, bool flag)
    {
        if (!_source.AsSpan(_position, _end - _position).StartsWith(word)) throw Refuse("Expected a JSON value");
        Add(kind, _position, word.Length, flag);
        _position += word.Length;
    }

    private void ReadArray()
    {
        var node = Enter(JsonKind.Array);
        var elements = 0;
        SkipBlanks();
        if (Peek() == ']')
        {
            _position++;
        }
        else
        {
            while (true)
            {
                ReadValue();
                elements++;
                SkipBlanks();
                var next = Peek();
                if (next is not (',' or ']')) throw Refuse("Expected ',' or ']' after an element");
                _position++;
                if (next == ']') break;
            }
        }

        Leave(node, elements);
    }

    private void ReadObject()
    {
        var node = Enter(JsonKind.Object);
        var members = 0;
        SkipBlanks();
        if (Peek() == '}')
        {
            _position++;
        }
        else
        {
            while (true)
            {
                SkipBlanks();
                if (Peek() != '"') throw Refuse("Expected a member name in quotes");
                ReadText();
                SkipBlanks();
                if (Peek() != ':') throw Refuse("Expected ':' after a member name");
                _position++;
                ReadValue();
                members++;
                SkipBlanks();
                var next = Peek();
                if (next is not (',' or '}')) throw Refuse("Expected ',' or '}' after a member");
                _position++;
                if (next == '}') break;
            }
        }

        Leave(node, members);
        RefuseDuplicates(node, members);
    }

    private int Enter(JsonKind kind)
    {
        if (++_depth > MaxDepth) throw Refuse($"Nested deeper than {MaxDepth}");
        return Add(kind, _position++, 0, false);
    }

    private void Leave(int node, int count)
    {
        _depth--;
        ref var entry = ref _nodes[node];
        entry.Length = _position - entry.Start;
        entry.Count = count;
        entry.After = _count;
    }

    private void RefuseDuplicates(int node, int members)
    {
        if (members < 2) return;
        if (members <= PairwiseLimit)
        {
            for (int i = 1, name = _nodes[node + 2].After; i < members; i++, name = _nodes[name + 1].After)
                for (int j = 0, earlier = node + 1; j < i; j++, earlier = _nodes[earlier + 1].After)
                    if (SameText(earlier, name)) throw DuplicateAt(name);
            return;
        }

        var names = SortedNames(node, ArrayPool<int>.Shared, out var rented);
        try
        {
            for (var i = 1; i < names.Length; i++)
                if (SameText(names[i - 1], names[i])) throw DuplicateAt(Math.Max(names[i - 1], names[i]));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private JsonRejectedException DuplicateAt(int name) =>
        Refuse($"The member '{new JsonNode(this, name).Text}' stands twice", _nodes[name].Start - 1);

    private bool SameText(int left, int right)
    {
        ref var a = ref _nodes[left];
        ref var b = ref _nodes[right];
        // A plain token (no escapes, printable ASCII) can only equal another plain one byte by byte; an escaped one can equal anything.
        if (a.Flag && b.Flag) return a.Length == b.Length && TokenOf(left).SequenceEqual(TokenOf(right));
        return CompareTexts(left, right) == 0;
    }

    /// <summary>The member names of an object in code point order, in an array rented from <paramref name="pool"/>.</summary>
    internal Span<int> SortedNames(int node, ArrayPool<int> pool, out int[] rented)
    {
        var count = _nodes[node].Count;
        rented = pool.Rent(count);
        var names = rented.AsSpan(0, count);
        for (int i = 0, name = node + 1; i < count; i++, name = _nodes[name + 1].After) names[i] = name;
        SortNames(names);
        return names;
    }

    internal void SortNames(Span<int> names)
    {
        if (names.Length > PairwiseLimit * 2)
        {
            names.Sort(CompareTexts);
            return;
        }

        for (var i = 1; i < names.Length; i++)
        {
            var name = names[i];
            var j = i;
            for (; j > 0 && CompareTexts(names[j - 1], name) > 0; j--) names[j] = names[j - 1];
            names[j] = name;
        }
    }

    /// <summary>Compares two text nodes by code point, which is the order of their unescaped UTF-8 bytes.</summary>
    internal int CompareTexts(int left, int right)
    {
        if (_nodes[left].Flag && _nodes[right].Flag) return TokenOf(left).SequenceCompareTo(TokenOf(right));
        return Unescaped(left).AsSpan().SequenceCompareTo(Unescaped(right));
    }

    /// <summary>The UTF-8 bytes of a text node, unescaped.</summary>
    internal byte[] Unescaped(int node)
    {
        var token = TokenOf(node);
        if (_nodes[node].Flag || !token.Contains((byte)'\\')) return token.ToArray();
        var target = new byte[token.Length];
        var written = Unescape(token, target);
        return target[..written];
    }

    /// <summary>Unescapes a checked string token; the result is never longer than the token.</summary>
    internal static int Unescape(ReadOnlySpan<byte> token, Span<byte> target)
    {
        var written = 0;
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] != '\\')
            {
                target[written++] = token[i];
                continue;
            }

            var escape = token[++i];
            if (escape != 'u')
            {
                target[written++] = escape switch
                {
                    (byte)'b' => 8,
                    (byte)'f' => 12,
                    (byte)'n' => 10,
                    (byte)'r' => 13,
                    (byte)'t' => 9,
                    _ => escape,
                };
                continue;
            }

            var unit = HexUnit(token[(i + 1)..]);
            i += 4;
            Rune rune;
            if (char.IsHighSurrogate((char)unit))
            {
                rune = new Rune((char)unit, (char)HexUnit(token[(i + 3)..]));
                i += 6;
            }
            else
            {
                rune = new Rune((char)unit);
            }

            written += rune.EncodeToUtf8(target[written..]);
        }

        return written;
    }

    private static int HexUnit(ReadOnlySpan<byte> digits)
    {
        var unit = 0;
        for (var i = 0; i < 4; i++) unit = (unit << 4) | HexDigit(digits[i]);
        return unit;
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private void ReadText()
    {
        var start = ++_position;
        var rest = _source.AsSpan(start, _end - start);
        var at = rest.IndexOfAnyExcept(Plain);
        if (at < 0) throw Refuse("Expected '\"', found the end of the document", _end);
        var plain = rest[at] == '"';
        if (!plain) at = CheckText(rest, at, start);
        Add(JsonKind.Text, start, at, plain);
        _position = start + at + 1;
    }

    private int CheckText(ReadOnlySpan<byte> rest, int from, int start)
    {
        for (var i = from; i < rest.Length; i++)
        {
            var b = rest[i];
            if (b == '"') return i;
            if (b < 0x20) throw Refuse($"Raw control character U+{b:X4} inside a string", start + i);
            if (b != '\\') continue;
            if (++i >= rest.Length) break;
            switch (rest[i])
            {
                case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                    break;
                case (byte)'u':
                    var unit = CheckHex(rest, i + 1, start);
                    i += 4;
                    if (char.IsLowSurrogate((char)unit)) throw Refuse("Unpaired surrogate escape in a string", start + i - 5);
                    if (!char.IsHighSurrogate((char)unit)) break;
                    if (i + 2 >= rest.Length
                        || rest[i + 1] != '\\' || rest[i + 2] != 'u' || !char.IsLowSurrogate((char)CheckHex(rest, i + 3, start)))
                        throw Refuse("Unpaired surrogate escape in a string", start + i - 5);
                    i += 6;
                    break;
                default:
                    throw Refuse("Unknown escape in a string", start + i - 1);
            }
        }

        throw Refuse("Expected '\"', found the end of the document", _end);
    }

    private int CheckHex(ReadOnlySpan<byte> rest, int at, int start)
    {
        var unit = 0;
        for (var i = at; i < at + 4; i++)
        {
            var digit = i < rest.Length ? HexDigit(rest[i]) : -1;
            if (digit < 0) throw Refuse("Expected four hex digits after \\u", start + Math.Min(i, rest.Length));
            unit = (unit << 4) | digit;
        }

        return unit;
    }

    private void ReadNumber()
    {
        var start = _position;
        var at = start;
        var source = _source;
        if (source[at] == '-') at++;
        var firstDigit = at;
        if (at < _end && source[at] == '0') at++;
        else at = Digits(at, "Expected a digit");
        var integerDigits = at - firstDigit;
        var real = false;
        if (at < _end && source[at] == '.')
        {
            real = true;
            at = Digits(at + 1, "Expected a digit after the point");
        }

        if (at < _end && source[at] is (byte)'e' or (byte)'E')
        {
            real = true;
            at++;
            if (at < _end && source[at] is (byte)'+' or (byte)'-') at++;
            at = Digits(at, "Expected a digit in the exponent");
        }

        if (!real && integerDigits > MaxIntegerDigits)
            throw Refuse(
                $"Integer of {integerDigits.ToString(CultureInfo.InvariantCulture)} digits, at most {MaxIntegerDigits} are accepted",
                start);
        var token = source.AsSpan(start, at - start);
        if (real && !RealText.IsInRange(token)) throw Refuse("Number beyond the range of a double", start);
        Add(real ? JsonKind.Real : JsonKind.Integer, start, token.Length, false);
        _position = at;
    }

    private int Digits(int at, string expected)
    {
        var start = at;
        while (at < _end && (uint)(_source[at] - '0') <= 9) at++;
        if (at == start) throw Refuse(expected, at);
        return at;
    }

    private JsonRejectedException Refuse(string reason) => Refuse(reason, _position);

    private JsonRejectedException Refuse(string reason, int offset)
    {
        var before = _source.AsSpan(0, Math.Min(offset, _source.Length));
        var line = before.Count((byte)'\n') + 1;
        return new JsonRejectedException(reason, offset, line, offset - before.LastIndexOf((byte)'\n'));
    }

    private static int FirstInvalidUtf8(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var consumed) == OperationStatus.Done) at += consumed;
        return at;
    }

    /// <summary>A member name. Names repeat from entry to entry, so the last ones are kept and handed out again.</summary>
    private string NameOf(int node)
    {
        var token = TokenOf(node);
        if (!_nodes[node].Flag || token.Length is 0 or > 64) return new JsonNode(this, node).Text;
        ref var kept = ref _names[(token.Length + (31 * token[0]) + (7 * token[^1])) % _names.Length];
        return kept is not null && Ascii.Equals(token, kept) ? kept : kept = Encoding.ASCII.GetString(token);
    }

    internal JsonValue ToValue(int node)
    {
        switch (_nodes[node].Kind)
        {
            case JsonKind.Null:
                return JsonNull.Instance;
            case JsonKind.Boolean:
                return _nodes[node].Flag ? JsonBoolean.True : JsonBoolean.False;
            case JsonKind.Integer:
                return new JsonInteger(IntegerText.Read(TokenOf(node)));
            case JsonKind.Real:
                RealText.TryRead(TokenOf(node), out var real);
                return new JsonReal(real);
            case JsonKind.Text:
                return new JsonText(new JsonNode(this, node).Text);
            case JsonKind.Array:
                var elements = new JsonValue[_nodes[node].Count];
                for (int i = 0, child = node + 1; i < elements.Length; i++, child = _nodes[child].After) elements[i] = ToValue(child);
                return new JsonArray(elements);
            default:
                var members = new KeyValuePair<string, JsonValue>[_nodes[node].Count];
                for (int i = 0, name = node + 1; i < members.Length; i++, name = _nodes[name + 1].After)
                    members[i] = new(NameOf(name), ToValue(name + 1));
                return new JsonObject(members);
        }
    }
}

/// <summary>One value on a <see cref="JsonTape"/>. Valid until the tape reads its next value. The default is "absent".</summary>
[SuppressMessage("Performance", "CA1815", Justification = "A cursor is not compared.")]
public readonly struct JsonNode
{
    private readonly JsonTape? _tape;
    private readonly int _index;

    internal JsonNode(JsonTape tape, int index)
    {
        _tape = tape;
        _index = index;
    }

    /// <summary>False for the member that is not there.</summary>
    public bool IsPresent => _tape is not null;

    /// <summary>Whether the value is there and not null.</summary>
    public bool IsGiven => _tape is not null && Kind != JsonKind.Null;

    /// <summary>The kind of a value that is there.</summary>
    public JsonKind Kind => Tape.KindOf(_index);

    /// <summary>Number of elements or members.</summary>
    public int Count => Tape.CountOf(_index);

    /// <summary>The truth of a boolean.</summary>
    public bool Boolean => Tape.FlagOf(_index);

    /// <summary>The spelling of the value in its source; of a text what stands between the quotes.</summary>
    public ReadOnlySpan<byte> Token => Tape.TokenOf(_index);

    /// <summary>Whether the text is spelled as its canonical form spells it: printable ASCII without escapes.</summary>
    internal bool IsPlainText => Tape.FlagOf(_index);

    /// <summary>The characters of a text.</summary>
    public string Text => IsPlainText ? Encoding.ASCII.GetString(Token) : Encoding.UTF8.GetString(Tape.Unescaped(_index));

    private JsonTape Tape => _tape ?? throw new InvalidOperationException("The member is not there.");

    /// <summary>Whether this is an object.</summary>
    public bool IsObject => _tape is not null && Kind == JsonKind.Object;

    /// <summary>Whether this is a text.</summary>
    public bool IsText => _tape is not null && Kind == JsonKind.Text;

    /// <summary>The member of an object by its name (printable ASCII), absent if there is none or this is no object.</summary>
    public JsonNode this[ReadOnlySpan<byte> name]
    {
        get
        {
            if (!IsObject) return default;
            var tape = Tape;
            var count = tape.CountOf(_index);
            for (int i = 0, member = _index + 1; i < count; i++, member = tape.AfterOf(member + 1))
            {
                var token = tape.TokenOf(member);
                if (tape.FlagOf(member)
                    ? token.SequenceEqual(name)
                    : token.Length >= name.Length && tape.Unescaped(member).AsSpan().SequenceEqual(name))
                    return new JsonNode(tape, member + 1);
            }

            return default;
        }
    }

    /// <summary>The value as a tree of its own, which outlives the tape.</summary>
    public JsonValue ToValue() => Tape.ToValue(_index);

    /// <summary>Appends the canonical form of the value (artifacts.md section 2).</summary>
    public void AppendCanonical(ByteBuffer target) => CanonicalJson.Append(target, Tape, _index);
}
