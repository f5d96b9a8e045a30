using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Tests.Gates;

public class GateInputTests
{
    private const string Path = "block.rate";

    [Theory]
    [InlineData(null, null, "-99,1,2,4,99")]
    [InlineData(2, null, "2,4,99")]
    [InlineData(null, 4, "-99,1,2,4")]
    [InlineData(2, 4, "2,4")]
    public void a_decimal_is_within_its_range_up_to_the_limits_themselves(int? least, int? most, string within)
    {
        var input = new DecimalInput(Path, GateIds.DataIntegrity, least, most);
        Assert.Equal(within, string.Join(',', new[] { -99, 1, 2, 4, 99 }.Where(value => input.IsInRange(Decimal28.Of(value)))));
    }

    [Theory]
    [InlineData(null, null, "rate_missing,rate_invalid")]
    [InlineData(2, null, "rate_missing,rate_invalid,rate_out_of_range")]
    [InlineData(null, 4, "rate_missing,rate_invalid,rate_out_of_range")]
    [InlineData(2, 4, "rate_missing,rate_invalid,rate_out_of_range")]
    public void only_a_decimal_with_a_limit_can_be_out_of_range(int? least, int? most, string reasons) =>
        Assert.Equal(
            reasons, string.Join(',', new DecimalInput(Path, GateIds.DataIntegrity, least, most).Reasons.Select(reason => reason.Code)));
}
