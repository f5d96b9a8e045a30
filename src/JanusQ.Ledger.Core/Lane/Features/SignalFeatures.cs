using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Lane.Features;

/// <summary>The five features that travel with a decision (lane.md section 6.1). Null stands for "none".</summary>
public sealed record SignalFeatures(Decimal28? Macd, Decimal28? MacdSignal, Decimal28? Rsi, Decimal28? Price, Decimal28? Volatility);
