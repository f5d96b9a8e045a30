using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Uploads;
using Microsoft.Extensions.Primitives;

namespace JanusQ.Ledger.Server.Tests.Uploads;

public sealed class ContentDigestTests
{
    // SHA-256 of nothing, and of "1".
    private const string Nothing = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    private const string One = "sha-256=:a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=:";

    [Theory]
    [InlineData(One)]
    [InlineData("  " + One + "  ")]
    [InlineData(One + ";x=1")]
    [InlineData(One + "; x; y=?0;z=\"a, b\\\"=:;\"; q=to/ken:*; d=-1.5; t=@1659578233; b=:AA==:")]
    [InlineData("sha-512=:AAAA:;x=1, " + One)]
    [InlineData("sha-512=:AAAA:\t,\t" + One + ",md5=::")]
    [InlineData(Nothing + ", " + One)]
    [InlineData(Nothing + ";x=1,unixsum=:AAAA:," + One + ";x=2")]
    public void the_last_digest_counts_and_parameters_do_not(string header) =>
        Assert.Equal(Sha256Hash.OfText("1"), ContentDigest.Read(header));

    [Fact]
    public void several_lines_are_one_header() =>
        Assert.Equal(Sha256Hash.OfText("1"), ContentDigest.Read(new StringValues([Nothing, One])));

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-256=1")]
    [InlineData("sha-256=\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"")]
    [InlineData("sha-256=::")]
    [InlineData("sha-256=:AAAA:")]
    [InlineData("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU:")]
    [InlineData("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=:")]
    [InlineData("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=: :")]
    [InlineData(One + ",")]
    [InlineData("," + One)]
    [InlineData(One + ", ," + One)]
    [InlineData(One + ";")]
    [InlineData(One + " ;x=1")]
    [InlineData(One + ";X=1")]
    [InlineData(One + ";x=\"a")]
    [InlineData(One + ", sha-256")]
    [InlineData(One + ", sha-512=1")]
    [InlineData(One + " sha-512=:AAAA:")]
    public void what_is_no_dictionary_of_digests_is_refused(string header)
    {
        var refused = Assert.Throws<RefusedException>(() => ContentDigest.Read(header)).Refusal;
        Assert.Equal("request_invalid", refused.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-512=:AAAA:")]
    [InlineData("sha-512=:AAAA:;sha-256=:AAAA:")]
    public void a_header_without_this_digest_lacks_it(string header) =>
        Assert.Equal("content_digest_missing", Assert.Throws<RefusedException>(() => ContentDigest.Read(header)).Refusal.Code);
}
