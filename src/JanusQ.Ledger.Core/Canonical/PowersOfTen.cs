using System.Numerics;
using System.Runtime.CompilerServices;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>Powers of ten and counts of digits for coefficients of up to 128 bits.</summary>
internal static class PowersOfTen
{
    /// <summary>Every coefficient of so many digits fits 128 bits.</summary>
    public const int MaxDigits = 38;

    private static readonly UInt128[] Wide = MakeWide();
    private static readonly ulong[] Narrow = MakeNarrow();
    private static readonly BigInteger[] Big = MakeBig();

    /// <summary>10^n for n up to 38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 Of(int n) => Wide[n];

    /// <summary>10^n for n up to 19.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of64(int n) => Narrow[n];

    /// <summary>10^n for any n that fits memory; cached up to 128.</summary>
    public static BigInteger OfAny(int n) => n < Big.Length ? Big[n] : BigInteger.Pow(10, n);

    /// <summary>Number of decimal digits, 1 for zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DigitsOf(ulong value)
    {
        // 1233 / 4096 is just above log10(2).
        var guess = ((64 - BitOperations.LeadingZeroCount(value | 1)) * 1233) >> 12;
        return guess + (guess < 20 && value >= Narrow[guess] ? 1 : guess == 0 ? 1 : 0);
    }

    /// <summary>Number of decimal digits, 1 for zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DigitsOf(UInt128 value)
    {
        if (value <= ulong.MaxValue) return DigitsOf((ulong)value);
        var guess = ((128 - (int)UInt128.LeadingZeroCount(value)) * 1233) >> 12;
        return guess >= Wide.Length || value >= Wide[guess] ? guess + 1 : guess;
    }

    /// <summary>Number of decimal digits, 1 for zero.</summary>
    public static int DigitsOf(BigInteger value)
    {
        if (value.IsZero) return 1;
        var estimate = (int)((value.GetBitLength() - 1) * 0.30102999566398114);
        return value >= OfAny(estimate + 1) ? estimate + 2 : value >= OfAny(estimate) ? estimate + 1 : estimate;
    }

    private static UInt128[] MakeWide()
    {
        var powers = new UInt128[MaxDigits + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }

    private static ulong[] MakeNarrow()
    {
        var powers = new ulong[20];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }

    private static BigInteger[] MakeBig()
    {
        var powers = new BigInteger[129];
        powers[0] = BigInteger.One;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
