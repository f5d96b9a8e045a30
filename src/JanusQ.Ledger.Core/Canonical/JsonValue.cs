using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>The kinds of JSON values. Integer and real are different kinds even when equal (artifacts.md section 1).</summary>
public enum JsonKind : byte
{
    /// <summary><c>null</c></summary>
    Null,

    /// <summary><c>true</c> or <c>false</c></summary>
    Boolean,

    /// <summary>A number token without point and exponent.</summary>
    Integer,

    /// <summary>Any other number token: an IEEE 754 double.</summary>
    Real,

    /// <summary>A string.</summary>
    Text,

    /// <summary>An array.</summary>
    Array,

    /// <summary>An object.</summary>
    Object,
}

/// <summary>An immutable JSON value as artifacts.md section 1 reads it. Objects keep the order of their members.</summary>
public abstract class JsonValue
{
    private protected JsonValue()
    {
    }

    /// <summary>What kind of value this is.</summary>
    public abstract JsonKind Kind { get; }

    /// <summary><c>null</c></summary>
    public static JsonValue Null => JsonNull.Instance;

    /// <summary>A text, or <c>null</c> for none.</summary>
    public static implicit operator JsonValue(string? value) => value is null ? JsonNull.Instance : new JsonText(value);

    /// <summary>An integer.</summary>
    public static implicit operator JsonValue(long value) => new JsonInteger(value);

    /// <summary>An integer.</summary>
    public static implicit operator JsonValue(int value) => new JsonInteger(value);

    /// <summary>A boolean.</summary>
    public static implicit operator JsonValue(bool value) => value ? JsonBoolean.True : JsonBoolean.False;

    /// <summary>The 64 hex digits of a digest, as text.</summary>
    public static implicit operator JsonValue(Sha256Hash value) => new JsonText(value.ToString());

    /// <summary>Reads one document (artifacts.md section 1).</summary>
    /// <exception cref="JsonRejectedException">The bytes are not an acceptable document; nothing of it is used.</exception>
    public static JsonValue Read(byte[] utf8)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        var tape = new JsonTape();
        tape.ReadDocument(utf8);
        return tape.Root.ToValue();
    }

    /// <summary>Reads one document; false, with the place and the reason, where it is refused.</summary>
    public static bool TryRead(
        byte[] utf8, [NotNullWhen(true)] out JsonValue? value, [NotNullWhen(false)] out JsonRejectedException? rejection)
    {
        try
        {
            value = Read(utf8);
            rejection = null;
            return true;
        }
        catch (JsonRejectedException refused)
        {
            value = null;
            rejection = refused;
            return false;
        }
    }

    /// <summary>The canonical form, for messages and tests.</summary>
    public override string ToString() => CanonicalJson.Text(this);
}

/// <summary><c>null</c></summary>
public sealed class JsonNull : JsonValue
{
    /// <summary>The only one.</summary>
    public static readonly JsonNull Instance = new();

    private JsonNull()
    {
    }

    /// <inheritdoc />
    public override JsonKind Kind => JsonKind.Null;
}

/// <summary><c>true</c> or <c>false</c></summary>
public sealed class JsonBoolean : JsonValue
{
    /// <summary><c>true</c></summary>
    public static readonly JsonBoolean True = new(true);

    /// <summary><c>false</c></summary>
    public static readonly JsonBoolean False = new(false);

    private JsonBoolean(bool value) => Value = value;

    /// <summary>Which of the two.</summary>
    public bool Value { get; }

    /// <inheritdoc />
    public override JsonKind Kind => JsonKind.Boolean;
}

/// <summary>An integer of unlimited size.</summary>
public sealed class JsonInteger(BigInteger value) : JsonValue
{
    /// <summary>The number.</summary>
    public BigInteger Value { get; } = value;

    /// <inheritdoc />
    public override JsonKind Kind => JsonKind.Integer;
}

/// <summary>A real: a finite IEEE 754 double.</summary>
public sealed class JsonReal : JsonValue
{
    /// <summary>Takes a finite double.</summary>
    /// <exception cref="ArgumentOutOfRangeException">NaN or an infinity, which are not JSON.</exception>
    public JsonReal(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), "NaN and the infinities are not JSON.");
        Value = value;
    }

    /// <summary>The number.</summary>
    public double Value { get; }

    /// <inheritdoc />
    public override JsonKind Kind => JsonKind.Real;
}

/// <summary>A string without unpaired surrogates.</summary>
public sealed class JsonText(string value) : JsonValue
{
    /// <summary>The characters, unescaped, in UTF-16.</summary>
    public string Value { get; } = value;

    /// <inheritdoc />
    public override JsonKind Kind => JsonKind.Text;
}

/// <summary>An array.</summary>
public sealed class JsonArray : JsonValue
{
    /// <summary>The array without elements.</summary>
    public static readonly JsonArray Empty = new([]);

    private readonly JsonValue[] _elements;

    /// <summary>Takes its elements in order.</summary>
    public JsonArray(IEnumerable<JsonValue> elements) => _elements = [.. elements];

    internal JsonArray(JsonValue[] elements) => _elements = elements;

    /// <summary>The elements in order.</summary>
    public IReadOnlyList<JsonValue> Elements => _elements;

    /// <summary>Number of elements.</summary>
    public int Count => _elements.Length;

    /// <summary>An element by its position from 0.</summary>
    public JsonValue this[int index] => _elements[index];

    /// <inheritdoc />
    public override JsonKind Kind => JsonKind.Array;

    /// <summary>An array of texts.</summary>
    public static JsonArray OfTexts(IEnumerable<string> texts) => new(texts.Select(text => (JsonValue)new JsonText(text)).ToArray());
}

/// <summary>An object: members with distinct names, in the order given.</summary>
public sealed class JsonObject : JsonValue
{
    private const int LinearSearchLimit = 8;

    /// <summary>The object without members.</summary>
    public static readonly JsonObject Empty = new([]);

    private readonly KeyValuePair<string, JsonValue>[] _members;
    private Dictionary<string, int>? _index;

    /// <summary>Takes its members in order.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public JsonObject(IEnumerable<KeyValuePair<string, JsonValue>> members)
        : this(members.ToArray())
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in _members)
            if (!names.Add(name)) throw new ArgumentException($"The member '{name}' stands twice.", nameof(members));
    }

    internal JsonObject(KeyValuePair<string, JsonValue>[] members) => _members = members;

    /// <summary>The members in order.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonValue>> Members => _members;

    /// <summary>Number of members.</summary>
    public int Count => _members.Length;

    /// <inheritdoc />
    public override JsonKind Kind => JsonKind.Object;

    /// <summary>The member of that name, or null if there is none (a member that is JSON null is <see cref="JsonNull"/>).</summary>
    public JsonValue? this[string name] => TryGet(name, out var value) ? value : null;

    /// <summary>Makes an object of members in the order listed.</summary>
    public static JsonObject Of(params ReadOnlySpan<(string Name, JsonValue Value)> members)
    {
        var array = new KeyValuePair<string, JsonValue>[members.Length];
        for (var i = 0; i < array.Length; i++) array[i] = new(members[i].Name, members[i].Value);
        return new JsonObject((IEnumerable<KeyValuePair<string, JsonValue>>)array);
    }

    /// <summary>Whether there is a member of that name.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>Finds a member by name (ordinal).</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out JsonValue? value)
    {
        if (_members.Length <= LinearSearchLimit)
        {
            foreach (var member in _members)
            {
                if (string.Equals(member.Key, name, StringComparison.Ordinal))
                {
                    value = member.Value;
                    return true;
                }
            }

            value = null;
            return false;
        }

        var index = _index ??= BuildIndex();
        if (index.TryGetValue(name, out var at))
        {
            value = _members[at].Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>The same object with one member more, or with that member's value replaced where it stands.</summary>
    public JsonObject With(string name, JsonValue value)
    {
        var at = Array.FindIndex(_members, member => string.Equals(member.Key, name, StringComparison.Ordinal));
        if (at < 0) return new JsonObject([.. _members, new KeyValuePair<string, JsonValue>(name, value)]);
        var copy = (KeyValuePair<string, JsonValue>[])_members.Clone();
        copy[at] = new(name, value);
        return new JsonObject(copy);
    }

    /// <summary>The same object without that member.</summary>
    public JsonObject Without(string name) =>
        new(_members.Where(member => !string.Equals(member.Key, name, StringComparison.Ordinal)).ToArray());

    private Dictionary<string, int> BuildIndex()
    {
        var index = new Dictionary<string, int>(_members.Length, StringComparer.Ordinal);
        for (var i = 0; i < _members.Length; i++) index.Add(_members[i].Key, i);
        return index;
    }
}
