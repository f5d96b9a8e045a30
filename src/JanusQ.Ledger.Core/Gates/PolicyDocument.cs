using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>A key of a policy document that has no valid value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Found">What stands there, shortened where it is long.</param>
/// <param name="Expected">What is valid there.</param>
public sealed record PolicyFault(string Key, string Found, string Expected)
{
    /// <summary>The fault as a sentence.</summary>
    public override string ToString() => $"{Key}: expected {Expected}, found {Found}";
}

/// <summary>
/// A policy document that was validated as a whole (gates-and-policy.md section 2, D3): the document as it was read, unknown keys and all,
/// its hash, and the effective policy.
/// </summary>
public sealed class PolicyDocument
{
    private PolicyDocument(JsonObject document, GatePolicy policy)
    {
        Document = document;
        Policy = policy;
        Hash = CanonicalJson.Hash(document);
    }

    /// <summary>The document as read; keys that are not in the tables are kept.</summary>
    public JsonObject Document { get; }

    /// <summary>The effective policy.</summary>
    public GatePolicy Policy { get; }

    /// <summary>SHA-256 of the document's canonical form: the name of the policy in the ledger.</summary>
    public Sha256Hash Hash { get; }

    /// <summary>Keys that no rule knows, in document order.</summary>
    public IEnumerable<string> UnknownKeys => Document.Members.Select(member => member.Key).Where(name => PolicyKeys.Find(name) is null);

    /// <summary>Reads and validates a document.</summary>
    /// <exception cref="RefusedException"><c>json_rejected</c>, <c>document_not_object</c> or <c>policy_invalid</c>.</exception>
    public static PolicyDocument Read(byte[] utf8) => Load(EvaluationDocuments.Read(EvaluationDocuments.Policy, utf8));

    /// <summary>Validates a document that was read.</summary>
    /// <exception cref="RefusedException"><c>policy_invalid</c>, with <c>keys</c>: all invalid keys, sorted.</exception>
    public static PolicyDocument Load(JsonObject document) =>
        TryLoad(document, out var loaded, out var faults) ? loaded : throw new RefusedException(Refuse(faults));

    /// <summary>Validates a document that was read; false, with every fault sorted by key, where a key has no valid value.</summary>
    public static bool TryLoad(JsonObject document, [NotNullWhen(true)] out PolicyDocument? loaded, out ImmutableArray<PolicyFault> faults)
    {
        ArgumentNullException.ThrowIfNull(document);
        var values = new object[PolicyKeys.All.Count];
        List<PolicyFault>? found = null;
        foreach (var key in PolicyKeys.All)
        {
            if (!document.TryGet(key.Name, out var value)) values[key.Ordinal] = key.DefaultValue;
            else if (key.TryRead(value, out var read)) values[key.Ordinal] = read;
            else (found ??= []).Add(new PolicyFault(key.Name, EvaluationDocuments.Describe(value), key.Expected));
        }

        faults = found is null ? [] : [.. found.OrderBy(fault => fault.Key, CodePoints.Order)];
        loaded = found is null ? new PolicyDocument(document, new GatePolicy(values)) : null;
        return loaded is not null;
    }

    private static Refusal Refuse(ImmutableArray<PolicyFault> faults) =>
        new Refusal("policy_invalid", $"The policy is invalid. {string.Join("; ", faults)}.")
            .With("keys", JsonArray.OfTexts(faults.Select(fault => fault.Key)));
}
