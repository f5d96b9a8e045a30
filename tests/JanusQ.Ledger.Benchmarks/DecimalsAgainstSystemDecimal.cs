using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// The contract's decimals against System.Decimal, which cannot do this arithmetic (artifacts.md section 13) but is what .NET offers: how
/// much 28 digits at any exponent cost.
/// </summary>
public class DecimalsAgainstSystemDecimal : IQuickMeasurement
{
    private const int Count = 1_000;

    private readonly string[] _texts = new string[Count];
    private readonly byte[][] _bytes = new byte[Count][];
    private readonly Decimal28[] _prices = new Decimal28[Count];
    private readonly decimal[] _systemPrices = new decimal[Count];
    private readonly Decimal28[] _returns = new Decimal28[Count];
    private readonly decimal[] _systemReturns = new decimal[Count];
    private readonly ByteBuffer _buffer = new();

    public DecimalsAgainstSystemDecimal()
    {
        var draw = new Random(42);
        for (var i = 0; i < Count; i++)
        {
            _texts[i] = (draw.Next(100, 100_000) / 100m).ToString("0.00", CultureInfo.InvariantCulture);
            _bytes[i] = Encoding.ASCII.GetBytes(_texts[i]);
            _prices[i] = Decimal28.Of(_texts[i]);
            _systemPrices[i] = decimal.Parse(_texts[i], CultureInfo.InvariantCulture);
        }

        Returns();
        SystemReturns();
    }

    [Benchmark]
    public bool Parse()
    {
        var all = true;
        for (var i = 0; i < Count; i++) all &= Decimal28.TryParse(_bytes[i], out _prices[i]);
        return all;
    }

    [Benchmark]
    public bool SystemParse()
    {
        var all = true;
        for (var i = 0; i < Count; i++) all &= decimal.TryParse(_bytes[i], NumberStyles.Float, CultureInfo.InvariantCulture,
            out _systemPrices[i]);
        return all;
    }

    /// <summary>(q − p) / p: the step of an event/CAR record.</summary>
    [Benchmark]
    public void Returns()
    {
        for (var i = 1; i < Count; i++) _returns[i] = (_prices[i] - _prices[i - 1]) / _prices[i - 1];
    }

    [Benchmark]
    public void SystemReturns()
    {
        for (var i = 1; i < Count; i++) _systemReturns[i] = (_systemPrices[i] - _systemPrices[i - 1]) / _systemPrices[i - 1];
    }

    [Benchmark]
    public Decimal28 Sum() => Decimal28.Sum(_returns);

    [Benchmark]
    public decimal SystemSum()
    {
        var sum = 0m;
        foreach (var value in _systemReturns) sum += value;
        return sum;
    }

    [Benchmark]
    public void Products()
    {
        for (var i = 0; i < Count; i++) _ = _returns[i] * _prices[i];
    }

    [Benchmark]
    public void SystemProducts()
    {
        for (var i = 0; i < Count; i++) _ = _systemReturns[i] * _systemPrices[i];
    }

    [Benchmark]
    public void Texts()
    {
        for (var i = 0; i < Count; i++)
        {
            _buffer.Clear();
            _returns[i].AppendArtifactText(_buffer);
        }
    }

    [Benchmark]
    public void SystemTexts()
    {
        Span<byte> target = stackalloc byte[64];
        for (var i = 0; i < Count; i++) _systemReturns[i].TryFormat(target, out _, default, CultureInfo.InvariantCulture);
    }

    IEnumerable<Measured> IQuickMeasurement.Measure()
    {
        foreach (var (what, ours, system) in new (string, Action, Action)[]
        {
            ("parse a price", () => Parse(), () => SystemParse()), ("a return of 28 digits", Returns, SystemReturns),
                ("add returns", () => Sum(), () => SystemSum()),
            ("return times price", Products, SystemProducts), ("write a return", Texts, SystemTexts),
        })
        {
            var baseline = QuickMeasurements.Best(system, 500) / Count;
            yield return new Measured(what, QuickMeasurements.Best(ours, 500) / Count, "ns", baseline,
                string.Create(CultureInfo.InvariantCulture, $"System.Decimal {baseline:0.0} ns"));
        }
    }
}
