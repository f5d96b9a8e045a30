using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Canonical;

public class CanonicalJsonTests
{
    [Fact]
    public void canonicalisation_is_idempotent_and_pure_ascii_without_blanks() => JsonGenerators.Value.Sample(
        value =>
        {
            var canonical = CanonicalJson.Bytes(value);
            Assert.Equal(canonical, CanonicalJson.Bytes(JsonValue.Read(canonical)));
            Assert.DoesNotContain(canonical, b => b is < 0x20 or > 0x7e);
        },
        iter: 3_000);

    [Fact]
    public void the_tape_writes_what_the_tree_writes() => Gen.Select(JsonGenerators.Value, Gen.Int).Sample(
        (value, seed) =>
        {
            var tape = new JsonTape();
            tape.ReadDocument(Encoding.UTF8.GetBytes(JsonGenerators.Spell(value, seed)));
            var buffer = new ByteBuffer();
            tape.Root.AppendCanonical(buffer);
            Assert.Equal(CanonicalJson.Text(value), Encoding.ASCII.GetString(buffer.Written));
        },
        iter: 3_000);

    [Fact]
    public void every_spelling_of_a_value_reads_to_that_value_with_its_members_in_order() =>
        Gen.Select(JsonGenerators.Value, Gen.Int).Sample(
        (value, seed) => Assert.Equal(FileJson.Text(value),
            FileJson.Text(JsonValue.Read(Encoding.UTF8.GetBytes(JsonGenerators.Spell(value, seed))))),
        iter: 3_000);

    [Fact]
    public void the_file_form_reads_back_to_the_same_value_and_ends_without_a_line_break() => JsonGenerators.Value.Sample(
        value =>
        {
            var file = FileJson.Bytes(value);
            Assert.Equal(CanonicalJson.Text(value), CanonicalJson.Text(JsonValue.Read(file)));
            Assert.Equal(file, FileJson.Bytes(JsonValue.Read(file)));
            Assert.NotEqual((byte)'\n', file[^1]);
            Assert.DoesNotContain((byte)'\r', file);
        },
        iter: 3_000);

    [Fact]
    public void member_order_and_blanks_never_change_a_hash() => Gen.Select(JsonGenerators.Value, Gen.Int, Gen.Int).Sample(
        (value, seed, other) => Assert.Equal(
            CanonicalJson.Hash(value),
                CanonicalJson.Hash(JsonValue.Read(Encoding.UTF8.GetBytes(JsonGenerators.Spell(Shuffle(value, new Random(other)), seed))))),
        iter: 3_000);

    [Fact]
    public void members_are_sorted_as_their_utf8_bytes_are() => JsonGenerators.Text.Array[2, 40].Sample(
        names =>
        {
            var distinct = names.Distinct().ToArray();
            var sorted = distinct.OrderBy(Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
                .ToArray();
            var value = new JsonObject(distinct.Select(name => new KeyValuePair<string, JsonValue>(name, 1)));
            var read = (JsonObject)JsonValue.Read(CanonicalJson.Bytes(value));
            Assert.Equal(sorted, read.Members.Select(member => member.Key));
            Assert.Equal(sorted, distinct.Order(CodePoints.Order));
        },
        iter: 3_000);

    [Fact]
    public void integer_and_real_stay_different_and_minus_zero_is_the_integer_zero()
    {
        Assert.NotEqual(CanonicalJson.Hash(JsonValue.Read("1"u8.ToArray())), CanonicalJson.Hash(JsonValue.Read("1.0"u8.ToArray())));
        Assert.Equal("[0,-0.0,0.0,-0.0]", CanonicalJson.Text(JsonValue.Read("[-0,-0.0,0e5,-0e-5]"u8.ToArray())));
    }

    [Fact]
    public void strings_are_escaped_exactly_as_listed() => Assert.Equal(
        """["\"\\/<&'+","\b\t\n\f\r","\u0000\u001f\u007f\u0080\u00e9\uffff","\ud83d\ude00"]""",
        CanonicalJson.Text(new JsonArray(["\"\\/<&'+", "\b\t\n\f\r", "\0\u001f\u007f\u0080é\uffff", "\U0001F600"])));

    [Fact]
    public void a_text_with_an_unpaired_surrogate_is_never_written()
    {
        // No [InlineData]: attributes are stored as UTF-8, which cannot carry these texts.
        foreach (var text in new[] { "\ud800", "\udc00", "\udc00\ud800", "a\ud800b", "\ud800\ud800\udc00" })
        {
            Assert.Throws<ArgumentException>(() => CanonicalJson.Bytes(text));
            Assert.Throws<ArgumentException>(() => FileJson.Bytes(JsonObject.Of((text, 1))));
        }
    }

    [Fact]
    public void the_file_form_is_indented_by_two_with_empty_containers_closed_at_once() => Assert.Equal(
        "{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"a\": {\n    \"x\": null\n  }\n}",
        FileJson.Text(JsonValue.Read("""{"b":[1,{ },[ ]],"a":{"x":null}}"""u8.ToArray())));

    private static JsonValue Shuffle(JsonValue value, Random choice)
    {
        switch (value)
        {
            case JsonObject members:
                var shuffled = members.Members.ToArray();
                choice.Shuffle(shuffled);
                return new JsonObject(shuffled.Select(member =>
                    new KeyValuePair<string, JsonValue>(member.Key, Shuffle(member.Value, choice))));
            case JsonArray elements:
                return new JsonArray(elements.Elements.Select(element => Shuffle(element, choice)));
            default:
                return value;
        }
    }
}
