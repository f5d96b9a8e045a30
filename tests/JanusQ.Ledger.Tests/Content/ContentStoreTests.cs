using System.Security.Cryptography;
using System.Text;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Content;

public sealed class ContentStoreTests(PostgreSqlFixture postgres)
{
    private static readonly byte[] Compressible = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Repeat("{\"symbol\": \"AAPL\"} ", 20_000)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Sizes => [0, 1, 511, 512, 513, 100_000, 3_000_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task what_is_put_comes_back_byte_for_byte_however_it_was_put(int size)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var store = ledger.Host.Content;
        foreach (var bytes in new[] { RandomNumberGenerator.GetBytes(size),
            [.. Enumerable.Repeat(Compressible, 10).SelectMany(b => b).Take(size)] })
        {
            var content = new DocumentContent(bytes);
            var isNew = await store.PutAsync(content, Cancellation);
            Assert.True(isNew || size <= 1);
            Assert.Equal(bytes, await store.ReadAsync(content.Sha256, Cancellation));
            Assert.Equal(bytes, await StreamedAsync(store, content.Sha256));
            var other = bytes.Append((byte)1).ToArray();
            Assert.True(await store.PutAsync(new MemoryStream(other), Sha256Hash.Of(other), Cancellation) || size <= 1);
            Assert.Equal(other, await store.ReadAsync(Sha256Hash.Of(other), Cancellation));
            Assert.Equal(other, await StreamedAsync(store, Sha256Hash.Of(other)));
        }
    }

    [Fact]
    public async Task a_document_is_stored_once_however_often_and_however_many_put_it()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var store = ledger.Host.Content;
        var news = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => store.PutAsync(new DocumentContent(Compressible), Cancellation)));
        Assert.Equal(1, news.Count(isNew => isNew));
        Assert.False(await store.PutAsync(new MemoryStream(Compressible), Sha256Hash.Of(Compressible), Cancellation));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.content"));
        Assert.True(await ledger.ScalarAsync<int>("select length(bytes) from janusq.content") < Compressible.Length / 20);
    }

    [Fact]
    public async Task bytes_that_do_not_hash_to_what_is_claimed_are_refused()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var wrong = Sha256Hash.OfText("something else");
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => ledger.Host.Content.PutAsync(new MemoryStream(Compressible), wrong, Cancellation));
        Assert.Equal("content_hash_mismatch", refused.Refusal.Code);
        Assert.Equal("content_hash_mismatch", Assert.Throws<RefusedException>(() => new DocumentContent(Compressible, wrong)).Refusal.Code);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from janusq.content"));
    }

    [Fact]
    public async Task what_is_larger_than_the_limit_is_refused_with_the_limit_and_nothing_is_recorded()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, options => options with { LargestContent = 1000 });
        var store = ledger.Host.Content;
        Assert.True(await store.PutAsync(new DocumentContent(new byte[1000]), Cancellation));
        var whole = await Assert.ThrowsAsync<RefusedException>(() => store.PutAsync(new DocumentContent(new byte[1001]), Cancellation));
        var streamed = await Assert.ThrowsAsync<RefusedException>(
            () => store.PutAsync(new MemoryStream(new byte[1001]), Sha256Hash.Of(new byte[1001]), Cancellation));
        var recorded = await Assert.ThrowsAsync<RefusedException>(() => ledger.Host.SendAsync(
            new SubmitLaneRun(ALedger.ARun(), [ALedger.AnArtifact("a", new string('x', 1001))]), Cancellation));
        foreach (var refused in new[] { whole, streamed, recorded })
        {
            Assert.Equal("content_too_large", refused.Refusal.Code);
            Assert.Contains("1000", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1L, await ledger.ScalarAsync<long>("select count(*) from janusq.content"));
    }

    [Theory]
    [InlineData("set bytes = set_byte(bytes, length(bytes) - 3, (get_byte(bytes, length(bytes) - 3) + 1) % 256)")]
    [InlineData("set bytes = substring(bytes from 1 for length(bytes) - 1)")]
    [InlineData("set bytes = '\\x00'")]
    [InlineData("set size = size - 1")]
    [InlineData("set size = size + 1")]
    [InlineData("set size = 4611686018427387904")]
    [InlineData("set sha256 = sha256('something else')")]
    public async Task bytes_that_were_altered_are_found_when_they_are_read(string alteration)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var sha256 = Sha256Hash.Of(Compressible);
        await ledger.Host.Content.PutAsync(new DocumentContent(Compressible), Cancellation);
        Assert.Equal(1, await ledger.TamperAsync($"update janusq.content {alteration}"));
        if (alteration.Contains("sha256 =", StringComparison.Ordinal)) sha256 = Sha256Hash.OfText("something else");
        await Assert.ThrowsAsync<IntegrityException>(() => ledger.Host.Content.ReadAsync(sha256, Cancellation));
        await Assert.ThrowsAsync<IntegrityException>(() => StreamedAsync(ledger.Host.Content, sha256));
    }

    [Fact]
    public async Task what_is_not_stored_is_none()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        Assert.Null(await ledger.Host.Content.ReadAsync(Sha256Hash.OfText("a"), Cancellation));
        Assert.Null(await ledger.Host.Content.OpenAsync(Sha256Hash.OfText("a"), Cancellation));
        Assert.Empty(await ledger.Host.Content.FindStoredAsync([Sha256Hash.OfText("a")], Cancellation));
    }

    [Fact]
    public async Task a_large_artifact_is_stored_before_its_event_and_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var large = new SubmittedArtifact(
            "inputs/signals.json", new DocumentContent(RandomNumberGenerator.GetBytes(2_000_000)), "application/json");
        foreach (var number in new[] { 1, 2 })
            await ledger.Host.SendAsync(
                new SubmitLaneRun(ALedger.ARun(number), [large, ALedger.AnArtifact("a.json", $"{number}")]), Cancellation);
        Assert.Equal(3L, await ledger.ScalarAsync<long>("select count(*) from janusq.content"));
        Assert.Equal(large.Content.Bytes.ToArray(), await ledger.Host.Content.ReadAsync(large.Content.Sha256, Cancellation));
    }

    private static async Task<byte[]> StreamedAsync(ContentStore store, Sha256Hash sha256)
    {
        await using var stream = await store.OpenAsync(sha256, Cancellation);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy, Cancellation);
        return copy.ToArray();
    }
}
