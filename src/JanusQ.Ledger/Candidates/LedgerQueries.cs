namespace JanusQ.Ledger.Candidates;

public sealed class LedgerQueries
{
}
