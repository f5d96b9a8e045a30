using System.Globalization;
using System.Numerics;
using System.Text;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>Reads the digits of an integer of any length.</summary>
internal static class IntegerText
{
    /// <summary>Reads ASCII digits with an optional minus sign.</summary>
    public static BigInteger Read(ReadOnlySpan<byte> digits) =>
        digits.Length < 19
            ? long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : BigInteger.Parse(Encoding.ASCII.GetString(digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
