namespace JanusQ.Ledger.Server.Description;

/// <summary>An endpoint whose answer has a tag, and that says 304 to whoever has the same already.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesIfNoneMatchAttribute : Attribute;
