using System.Collections.Immutable;
using JanusQ.Ledger.Core.Audit;

namespace JanusQ.Ledger.Audit;

/// <summary>Collects findings of checks that run at the same time; of one code not more than a few hundred are kept.</summary>
internal sealed class AuditFindings(int mostOfACode)
{
    private readonly Lock _lock = new();
    private readonly List<AuditFinding> _found = [];
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(AuditFinding finding)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(finding.Code) + 1;
            _counts[finding.Code] = count;
            if (count <= mostOfACode) _found.Add(finding);
        }
    }

    public void Add(IEnumerable<AuditFinding> findings)
    {
        foreach (var finding in findings) Add(finding);
    }

    public (ImmutableArray<AuditFinding> Findings, ImmutableSortedDictionary<string, long> Counts) Take()
    {
        lock (_lock)
        {
            return (
                [.. _found.OrderBy(finding => finding.Check).ThenBy(finding => finding.At?.Sequence ?? 0)],
                _counts.ToImmutableSortedDictionary(StringComparer.Ordinal));
        }
    }
}
