using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>
/// Positions per strategy and symbol, in the order in which they first appear, with their profit and exposure (lane.md section 10.1).
/// </summary>
internal sealed class PositionBook
{
    private readonly Dictionary<(string Strategy, string Symbol), Position> _byKey = [];
    private readonly List<Position> _positions = [];

    /// <summary>Profit of what was closed.</summary>
    public Decimal28 Realized { get; private set; }

    /// <summary>Number of fills that closed something.</summary>
    public int Trades { get; private set; }

    /// <summary>Profit of what is open, at last prices.</summary>
    public Decimal28 Unrealized => _positions.Count == 0 ? Decimal28.Zero : _positions[^1].UnrealizedSoFar;

    /// <summary>Sum of |quantity × price| of what is open, at last prices.</summary>
    public Decimal28 Exposure => _positions.Count == 0 ? Decimal28.Zero : _positions[^1].ExposureSoFar;

    /// <summary>
    /// A position: signed quantity and average price. The sums cover it and all before it, so that a fill only recomputes from itself on.
    /// </summary>
    internal sealed class Position(int index)
    {
        public readonly int Index = index;
        public Decimal28 Quantity;
        public Decimal28? Average;
        public Decimal28 LastPrice;
        public Decimal28 UnrealizedTerm;
        public Decimal28 ExposureTerm;
        public Decimal28 UnrealizedSoFar;
        public Decimal28 ExposureSoFar;
    }

    /// <summary>The position of a decision's strategy and symbol; takes its place in the order when it is asked for first.</summary>
    public Position Of(Decision decision)
    {
        var key = (decision.StrategyId.Value, decision.Symbol.Value);
        if (_byKey.TryGetValue(key, out var position)) return position;
        position = new Position(_positions.Count) { UnrealizedSoFar = Unrealized, ExposureSoFar = Exposure };
        _byKey.Add(key, position);
        _positions.Add(position);
        return position;
    }

    /// <summary>Fills a decision into its position at a price; its quantity is above zero.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public void Fill(Position position, Decision decision, in Decimal28 price)
    {
        position.LastPrice = price;
        Fill(position, decision.Action == TradeAction.Buy, decision.Qty, price);
        Value(position);
    }

    private void Fill(Position position, bool buy, in Decimal28 qty, in Decimal28 price)
    {
        var held = position.Quantity;
        if (held.IsZero || held.IsNegative != buy)
        {
            Open(position, buy, qty, price);
            return;
        }

        var closed = Decimal28.Min(qty, Decimal28.Abs(held));
        if (position.Average is { } average)
        {
            Realized += (held.IsNegative ? average - price : price - average) * closed;
            Trades++;
        }

        position.Quantity = held.IsNegative ? held + closed : held - closed;
        if (position.Quantity.IsZero) position.Average = null;
        var rest = qty - closed;
        if (rest.IsPositive) Open(position, buy, rest, price);
    }

    private static void Open(Position position, bool buy, in Decimal28 qty, in Decimal28 price)
    {
        var held = position.Quantity;
        var grown = buy ? held + qty : held - qty;
        position.Average = !held.IsZero && position.Average is { } average
            ? ((Decimal28.Abs(held) * average) + (qty * price)) / Decimal28.Abs(grown)
            : price;
        position.Quantity = grown;
    }

    private void Value(Position position)
    {
        var held = position.Quantity;
        position.ExposureTerm = held.IsZero ? default : Decimal28.Abs(held * position.LastPrice);
        position.UnrealizedTerm = held.IsZero || position.Average is not { } average ? default
            : held.IsNegative ? (average - position.LastPrice) * Decimal28.Abs(held)
            : (position.LastPrice - average) * held;
        var unrealized = position.Index == 0 ? Decimal28.Zero : _positions[position.Index - 1].UnrealizedSoFar;
        var exposure = position.Index == 0 ? Decimal28.Zero : _positions[position.Index - 1].ExposureSoFar;
        for (var i = position.Index; i < _positions.Count; i++)
        {
            var next = _positions[i];
            if (!next.Quantity.IsZero)
            {
                unrealized += next.UnrealizedTerm;
                exposure += next.ExposureTerm;
            }

            next.UnrealizedSoFar = unrealized;
            next.ExposureSoFar = exposure;
        }
    }
}
