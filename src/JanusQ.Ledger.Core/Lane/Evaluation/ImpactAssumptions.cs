using System.Numerics;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>How much is known about the market impact of decisions, and how much is assumed (lane.md section 10.4).</summary>
/// <param name="DefaultExecutionSeconds">The execution time that occurs most often, the smallest of several; 60 without decisions.</param>
/// <param name="DecisionsWithSpread">Decisions that know their spread.</param>
/// <param name="DecisionsWithVolatility">Decisions that know their volatility.</param>
/// <param name="DecisionsWithAdv">Decisions that know their average daily volume.</param>
/// <param name="RecordedInputs">Decisions that recorded their inputs.</param>
/// <param name="FallbackInputs">The other decisions.</param>
public sealed record ImpactAssumptions(
    BigInteger DefaultExecutionSeconds,
    int DecisionsWithSpread,
    int DecisionsWithVolatility,
    int DecisionsWithAdv,
    int RecordedInputs,
    int FallbackInputs)
{
    /// <summary>The assumptions of decisions.</summary>
    public static ImpactAssumptions Of(IEnumerable<Decision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        var seconds = new Dictionary<BigInteger, int>();
        int count = 0, spreads = 0, volatilities = 0, volumes = 0, recorded = 0;
        foreach (var decision in decisions)
        {
            count++;
            var own = (decision.Param("impact_assumptions") as JsonObject)?["inputs"] as JsonObject;
            JsonValue? Input(string name) => own is null ? decision.Param(name) : own[name];
            if (own is not null) recorded++;
            if (Decimal28.TryRead(Input("spread"), out _)) spreads++;
            if (Decimal28.TryRead(Input("volatility"), out _)) volatilities++;
            if (Decimal28.TryRead(Input("adv"), out _)) volumes++;
            var execution = Input("execution_seconds") is JsonInteger { Value.Sign: > 0 } given
                ? given.Value
                : CostModel.DefaultExecutionSeconds;
            seconds[execution] = seconds.GetValueOrDefault(execution) + 1;
        }

        var usual = seconds.Count == 0
            ? CostModel.DefaultExecutionSeconds
            : seconds.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).First().Key;
        return new ImpactAssumptions(usual, spreads, volatilities, volumes, recorded, count - recorded);
    }

    /// <summary>The member <c>impact_assumptions</c> of a report.</summary>
    public JsonObject ToJson(CostModel costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return JsonObject.Of(
            ("default_execution_seconds", new JsonInteger(DefaultExecutionSeconds)),
            ("decisions_with_spread", DecisionsWithSpread),
            ("decisions_with_volatility", DecisionsWithVolatility),
            ("decisions_with_adv", DecisionsWithAdv),
            ("assumptions", JsonObject.Of(
                ("commission_bps", costs.CommissionBps.ToString()),
                ("impact_bps_at_full_participation", costs.ImpactBpsAtFullParticipation.ToString()),
                ("max_participation_rate", costs.MaxParticipationRate.ToString()),
                ("recorded_inputs_count", CanonicalJson.Text(RecordedInputs)),
                ("fallback_inputs_count", CanonicalJson.Text(FallbackInputs)))));
    }
}
