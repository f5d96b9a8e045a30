using System.Globalization;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Projections;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>Check (f) of audit.md section 4: every projection is what the events give, the tables for compliance too.</summary>
internal sealed class ProjectionCheck(LedgerProjections projections, AuditFindings findings, Action<long> progress)
{
    /// <summary>Number of projections.</summary>
    public long Projections { get; private set; }

    /// <summary>Checks all of them.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var name in projections.Names)
        {
            try
            {
                foreach (var compared in await projections.CompareAsync(name, cancellation)) Report(compared);
            }
            catch (Exception broken) when (broken is not (OperationCanceledException or NpgsqlException { IsTransient: true }))
            {
                findings.Add(new AuditFinding(
                    AuditCheck.Projections, AuditCodes.ProjectionNotRebuildable, "events that give the projection", broken.Message)
                {
                    Subject = name,
                });
            }

            progress(++Projections);
        }
    }

    private void Report(ProjectionComparison compared)
    {
        if (compared.IsEqual) return;
        findings.Add(new AuditFinding(
            AuditCheck.Projections,
            AuditCodes.ProjectionDiffers,
            Say($"the {compared.Rows} rows that the events give"),
            Say($"{compared.Missing} missing, {compared.Superfluous} superfluous, {compared.Different} different"))
        {
            Subject = compared.Name,
        });
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
