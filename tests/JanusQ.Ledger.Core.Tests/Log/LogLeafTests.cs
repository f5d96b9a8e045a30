using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Core.Tests.Canonical;

namespace JanusQ.Ledger.Core.Tests.Log;

public class LogLeafTests
{
    private static readonly LogLeaf Known = new()
    {
        Id = new Guid("0198F3D2-7C1A-7B6E-9A51-3C2F00C0FFEE"),
        Stream = "candidate-cand-0123456789ab",
        Version = 3,
        Sequence = 41,
        Type = "artifact_emitted.v1",
        SchemaVersion = 1,
        Timestamp = Instant.Parse("2026-03-01T09:30:00.25Z"),
        Actor = "worker-1",
        DataSha256 = Sha256Hash.OfText("{}"),
    };

    [Fact]
    public void a_leaf_is_the_canonical_json_of_the_envelope() => Assert.Equal(
        string.Concat(
            "{'actor':'worker-1','data_sha256':'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',",
            "'id':'0198f3d2-7c1a-7b6e-9a51-3c2f00c0ffee','schema_version':1,'sequence':41,'stream':'candidate-cand-0123456789ab',",
            "'timestamp':'2026-03-01T09:30:00.250000+00:00','type':'artifact_emitted.v1','version':3}").Replace('\'', '"'),
        Encoding.ASCII.GetString(Known.ToBytes()));

    [Theory]
    [InlineData(8)]
    [InlineData(700)]
    [InlineData(800)]
    [InlineData(20_000)]
    public void its_hash_is_that_of_a_leaf(int actor)
    {
        var leaf = Known with { Actor = new string('a', actor) };
        Assert.Equal(Sha256Hash.Of([0, .. leaf.ToBytes()]), leaf.Hash());
    }

    [Fact]
    public void a_leaf_of_any_length_around_the_shortcut_has_the_same_hash()
    {
        for (var length = 1_000; length < 1_050; length++)
            Assert.Equal(Sha256Hash.Of(new byte[length + 1]), MerkleHash.Leaf(new byte[length]));
    }

    [Fact]
    public void any_leaf_is_canonical_and_read_as_it_was_written() => Any.Sample(
        leaf =>
        {
            var bytes = leaf.ToBytes();
            Assert.Equal(CanonicalJson.Bytes(JsonValue.Read(bytes)), bytes);
            Assert.True(LogLeaf.TryParse(bytes, out var read, out _));
            Assert.Equal(leaf, read);
        },
        iter: Iterations.Of(2_000));

    [Fact]
    public void a_changed_byte_is_another_leaf_or_none() => Gen.Select(Any, Gen.Int[0, int.MaxValue], Gen.Byte).Sample(
        (leaf, at, b) =>
        {
            var bytes = leaf.ToBytes();
            if (bytes[at % bytes.Length] == b) return;
            bytes[at % bytes.Length] = b;
            if (LogLeaf.TryParse(bytes, out var read, out var refusal)) Assert.NotEqual(leaf, read);
            else Assert.Equal("log_leaf_malformed", refusal.Code);
        },
        iter: Iterations.Of(5_000));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nothing")]
    public void what_is_no_leaf_is_refused(string text) => Refused(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void another_spelling_of_a_leaf_is_refused()
    {
        var text = Encoding.ASCII.GetString(Known.ToBytes());
        foreach (var other in new[]
        {
            " " + text, text + "\n", text.Replace(",", ", ", StringComparison.Ordinal),
            text.Replace("+00:00", "Z", StringComparison.Ordinal),
            text.Replace("c0ffee", "C0FFEE", StringComparison.Ordinal), text.Replace("worker", "\\u0077orker", StringComparison.Ordinal),
            text.Replace("\"version\":3", "\"version\":3.0", StringComparison.Ordinal),
            text.Replace("\"version\":3", "\"version\":-3", StringComparison.Ordinal),
            text.Replace("\"version\":3", "\"version\":9223372036854775808", StringComparison.Ordinal),
            text.Replace("\"version\":3", "\"version\":3,\"wider\":1", StringComparison.Ordinal),
            text.Replace("\"schema_version\":1", "\"schema_version\":2147483648", StringComparison.Ordinal),
        })
        {
            Assert.NotEqual(text, other);
            Refused(Encoding.ASCII.GetBytes(other));
        }
    }

    [Fact]
    public void a_leaf_that_a_bundle_cannot_hold_is_refused_and_the_next_size_below_is_not()
    {
        var room = LogLeaf.MostBytes - Known.ToBytes().Length + Known.Actor.Length;
        Assert.Equal(LogLeaf.MostBytes, (Known with { Actor = new string('a', room) }).ToBytes().Length);
        var buffer = new ByteBuffer();
        buffer.Append("before"u8);
        Assert.False((Known with { Actor = new string('a', room + 1) }).TryAppend(buffer, out var refusal));
        Assert.Equal("log_leaf_too_large", refusal.Code);
        Assert.Equal("before"u8, buffer.Written);
    }

    [Fact]
    public void a_text_that_json_cannot_carry_is_refused()
    {
        foreach (var leaf in new[] { Known with { Actor = "\ud800" }, Known with { Stream = "a\udc00" }, Known with { Type = "\ud800a" } })
        {
            Assert.False(leaf.TryAppend(new ByteBuffer(), out var refusal));
            Assert.Equal("log_leaf_invalid", refusal.Code);
            Assert.Throws<RefusedException>(() => leaf.Hash());
        }
    }

    [Fact]
    public void a_bundle_gives_its_leaves_back() => Gen.Byte.Array[0, 300].Array[0, 20].Sample(
        leaves =>
        {
            var buffer = new ByteBuffer();
            foreach (var leaf in leaves) EntryBundle.Append(buffer, leaf);
            Assert.True(EntryBundle.TryRead(buffer.ToArray(), leaves.Length, out var read, out _));
            Assert.Equal(leaves, read.Select(leaf => leaf.ToArray()));
            foreach (var width in new[] { leaves.Length - 1, leaves.Length + 1 })
            {
                Assert.False(EntryBundle.TryRead(buffer.ToArray(), width, out _, out var refusal));
                Assert.Equal("entry_bundle_malformed", refusal.Code);
            }

            for (var cut = 0; cut < buffer.Length; cut += 1 + (buffer.Length / 20))
                Assert.False(EntryBundle.TryRead(buffer.ToArray().AsMemory(0, cut), leaves.Length, out _, out _));
            Assert.False(EntryBundle.TryRead((byte[])[.. buffer.Written, 7], leaves.Length, out _, out _));
        },
        iter: Iterations.Of(200));

    [Fact]
    public void a_bundle_is_big_endian()
    {
        var buffer = new ByteBuffer();
        EntryBundle.Append(buffer, new byte[258]);
        Assert.Equal(new byte[] { 1, 2, 0 }, buffer.Written[..3].ToArray());
        Assert.Throws<ArgumentException>(() => EntryBundle.Append(buffer, new byte[65_536]));
    }

    private static Gen<LogLeaf> Any => Gen.Select(
        Gen.Guid,
        Gen.Select(JsonGenerators.Text, JsonGenerators.Text, JsonGenerators.Text),
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Int[0, int.MaxValue]),
        Gen.Long[0, DateTimeOffset.MaxValue.Ticks - 1],
        Gen.Byte.Array[32]).Select((id, texts, numbers, ticks, hash) => new LogLeaf
        {
            Id = id,
            Stream = texts.Item1,
            Version = numbers.Item1,
            Sequence = numbers.Item2,
            Type = texts.Item2,
            SchemaVersion = numbers.Item3,
            Timestamp = Instant.Of(new DateTimeOffset(ticks, TimeSpan.Zero)),
            Actor = texts.Item3,
            DataSha256 = new Sha256Hash(hash),
        });

    private static void Refused(byte[] bytes)
    {
        Assert.False(LogLeaf.TryParse(bytes, out var leaf, out var refusal));
        Assert.Null(leaf);
        Assert.Equal("log_leaf_malformed", refusal.Code);
    }
}
