namespace JanusQ.Ledger.Store;

/// <summary>Something that is stored is not what its hash says: the database was altered or damaged.</summary>
public sealed class IntegrityException(string message, Exception? inner = null) : Exception(message, inner);
