using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace JanusQ.Ledger.Compliance;

/// <summary>
/// Keeps the flat tables for compliance, behind the events and in the transaction that records how far it has come. It takes every event:
/// one of a kind that it does not know stops it.
/// </summary>
public sealed class ComplianceProjection : IProjection
{
    /// <summary>Its name.</summary>
    public const string Name = "Compliance";

    /// <inheritdoc />
    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(events);
        foreach (var change in new ComplianceRows(ComplianceTables.Schema).Of(events)) operations.QueueOperation(new RowOperation(change));
        return Task.CompletedTask;
    }
}
