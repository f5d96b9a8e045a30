using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Log;

/// <summary>A document that is named and pinned by its hash.</summary>
/// <param name="Uri">Where it is, or what it is called.</param>
/// <param name="Sha256">Hash of its bytes.</param>
public sealed record DecisionResource(string Uri, Sha256Hash Sha256);

/// <summary>
/// A promotion decision as supply-chain tools read it (audit.md section 5): an in-toto Statement v1 with a SLSA Verification Summary v1.
/// </summary>
public sealed record DecisionStatement
{
    /// <summary>What the statement is in an envelope.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>The type of the statement.</summary>
    public const string StatementType = "https://in-toto.io/Statement/v1";

    /// <summary>The type of the predicate.</summary>
    public const string PredicateType = "https://slsa.dev/verification_summary/v1";

    private const string Passed = "PASSED";
    private const string Failed = "FAILED";

    /// <summary>What was decided about, for instance the candidate's id.</summary>
    public required string SubjectName { get; init; }

    /// <summary>The artifact-set hash of the evaluation that was decided about.</summary>
    public required Sha256Hash SubjectSha256 { get; init; }

    /// <summary>Who verified: a URI of the ledger.</summary>
    public required string VerifierId { get; init; }

    /// <summary>When it was decided.</summary>
    public required Instant TimeVerified { get; init; }

    /// <summary>The decision's own URI.</summary>
    public required string ResourceUri { get; init; }

    /// <summary>The policy that was decided by.</summary>
    public required DecisionResource Policy { get; init; }

    /// <summary>The artifacts that were decided from, in their order.</summary>
    public required ImmutableArray<DecisionResource> InputAttestations { get; init; }

    /// <summary>Whether the promotion was allowed.</summary>
    public required bool IsPassed { get; init; }

    /// <summary>
    /// What was reached where it was allowed, for instance <c>JANUSQ_PROMOTION_PAPER</c>. Not a level of SLSA: those begin with
    /// <c>SLSA_</c> and are not ours to give.
    /// </summary>
    public required string VerifiedLevel { get; init; }

    /// <summary>The statement.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("_type", StatementType),
        ("subject", new JsonArray([JsonObject.Of(("name", SubjectName), ("digest", Digest(SubjectSha256)))])),
        ("predicateType", PredicateType),
        ("predicate", JsonObject.Of(
            ("verifier", JsonObject.Of(("id", VerifierId))),
            ("timeVerified", TimeVerified.ToTextWithZ()),
            ("resourceUri", ResourceUri),
            ("policy", Resource(Policy)),
            ("inputAttestations", new JsonArray(InputAttestations.Select(Resource))),
            ("verificationResult", IsPassed ? Passed : Failed),
            ("verifiedLevels", JsonArray.OfTexts([IsPassed ? VerifiedLevel : Failed])))));

    /// <summary>The statement in an envelope, signed.</summary>
    public DsseEnvelope Sign(params IReadOnlyCollection<SignerKey> signers) =>
        DsseEnvelope.Sign(PayloadType, CanonicalJson.Bytes(ToJson()), signers);

    /// <summary>Reads a statement, as a verified envelope hands it out.</summary>
    /// <param name="json">The statement's bytes.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="refusal"><c>decision_statement_malformed</c>: anything that <see cref="ToJson"/> does not say in this very way.</param>
    public static bool TryParse(
        byte[] json, [NotNullWhen(true)] out DecisionStatement? statement, [NotNullWhen(false)] out Refusal? refusal)
    {
        statement = JsonValue.TryRead(json, out var value, out _) ? Read(value) : null;
        if (statement is not null && !CanonicalJson.Bytes(statement.ToJson()).AsSpan().SequenceEqual(json)) statement = null;
        refusal = statement is null
            ? new Refusal("decision_statement_malformed", "Expected the canonical JSON of an in-toto Statement about a decision.")
            : null;
        return statement is not null;
    }

    private static JsonObject Digest(in Sha256Hash hash) => JsonObject.Of(("sha256", hash));

    private static JsonObject Resource(DecisionResource resource) =>
        JsonObject.Of(("uri", resource.Uri), ("digest", Digest(resource.Sha256)));

    private static DecisionStatement? Read(JsonValue value)
    {
        if (value is not JsonObject statement || statement["subject"] is not JsonArray { Count: 1 } subjects
            || subjects[0] is not JsonObject subject || subject["name"] is not JsonText name || !TryDigest(subject, out var subjectHash)
            || statement["predicate"] is not JsonObject predicate || (predicate["verifier"] as JsonObject)?["id"] is not JsonText verifier
            || !Instant.TryParse((predicate["timeVerified"] as JsonText)?.Value, out var time)
            || predicate["resourceUri"] is not JsonText uri || !TryResource(predicate["policy"], out var policy)
            || predicate["inputAttestations"] is not JsonArray inputs || predicate["verificationResult"] is not JsonText result
            || predicate["verifiedLevels"] is not JsonArray { Count: 1 } levels || levels[0] is not JsonText level)
        {
            return null;
        }

        var read = ImmutableArray.CreateBuilder<DecisionResource>(inputs.Count);
        foreach (var input in inputs.Elements)
        {
            if (!TryResource(input, out var resource)) return null;
            read.Add(resource);
        }

        return new DecisionStatement
        {
            SubjectName = name.Value,
            SubjectSha256 = subjectHash,
            VerifierId = verifier.Value,
            TimeVerified = time,
            ResourceUri = uri.Value,
            Policy = policy,
            InputAttestations = read.MoveToImmutable(),
            IsPassed = result.Value == Passed,
            VerifiedLevel = level.Value,
        };
    }

    private static bool TryResource(JsonValue? value, [NotNullWhen(true)] out DecisionResource? resource)
    {
        resource = value is JsonObject members && members["uri"] is JsonText uri && TryDigest(members, out var hash)
            ? new DecisionResource(uri.Value, hash)
            : null;
        return resource is not null;
    }

    private static bool TryDigest(JsonObject resource, out Sha256Hash hash) =>
        Sha256Hash.TryParse(((resource["digest"] as JsonObject)?["sha256"] as JsonText)?.Value, out hash);
}
