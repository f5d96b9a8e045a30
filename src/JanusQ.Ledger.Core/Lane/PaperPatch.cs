using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>
/// The file <c>paper-candidate/strategy-configmap-patch.yaml</c>: a Kubernetes ConfigMap with the strategies that acted (lane.md section
/// 20, C23). Its presence is a requirement of the prerequisites, not an approval.
/// </summary>
internal static class PaperPatch
{
    /// <summary>The patch, or null where none is written: the gates must allow paper, and a config map must be given.</summary>
    public static byte[]? Build(
        GateReport report, StrategyConfigMap? configMap, LaneIdentity identity, IReadOnlyList<Strategy> strategies,
        IReadOnlyList<Decision> decisions)
    {
        if (!report.PromotionAllowed || report.RecommendedMode != PromotionTarget.Paper || configMap is null) return null;
        var acted = decisions.Select(decision => decision.StrategyId.Value).ToHashSet(StringComparer.Ordinal);
        var patch = new StringBuilder()
            .Append("apiVersion: v1\nkind: ConfigMap\nmetadata:\n")
            .Append("  name: ").Append(Quote(configMap.Name)).Append('\n')
            .Append("  namespace: ").Append(Quote(configMap.Namespace)).Append('\n')
            .Append("  annotations:\n")
            .Append("    janusq.ledger/candidate-id: ").Append(Quote(identity.CandidateId)).Append('\n')
            .Append("    janusq.ledger/recommended-mode: \"paper\"\ndata:\n  strategies.yaml: |\n    strategies:\n");
        foreach (var strategy in strategies
            .Where(strategy => strategy.Enabled && acted.Contains(strategy.StrategyId.Value))
            .OrderBy(strategy => strategy.StrategyId.Value, CodePoints.Order))
        {
            var description = $"Autonomous candidate {identity.CandidateId} ({strategy.StrategyType}@{strategy.Version})";
            patch.Append("      - name: ").Append(Quote(strategy.StrategyId.Value)).Append('\n')
                .Append("        description: ").Append(Quote(description)).Append('\n')
                .Append("        enabled: true\n")
                .Append("        base_timeframe: ").Append(Quote(strategy.BaseTimeframe)).Append('\n')
                .Append("        universe_type: ").Append(Quote(strategy.UniverseType)).Append('\n')
                .Append("        max_notional_per_trade: 250\n        max_position_pct_equity: 0.025\n");
        }

        return Encoding.UTF8.GetBytes(patch.ToString());
    }

    private static string Quote(string text) => CanonicalJson.Text(text);
}
