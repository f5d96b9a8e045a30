using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Champions;

/// <summary>How the places of champions are written as documents: the same for the command line and the server, and stable.</summary>
public static class ChampionDocument
{
    /// <summary>Several places.</summary>
    public static JsonObject Of(IEnumerable<ChampionSlot> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return JsonObject.Of(("champions", new JsonArray(places.Select(place => (JsonValue)Of(place)))));
    }

    /// <summary>The place of a target.</summary>
    public static JsonObject Of(ChampionSlot place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return JsonObject.Of(
            ("target", place.Target.Name()),
            ("version", place.StreamVersion),
            ("changed_at", place.ChangedAt?.ToString()),
            ("champion", place.Champion is { } champion ? Of(champion) : JsonValue.Null),
            ("past", new JsonArray(place.Past.Select(past => (JsonValue)Of(past)))));
    }

    private static JsonObject Of(Champion champion) => JsonObject.Of(
        ("candidate_id", champion.CandidateId),
        ("decision_id", champion.DecisionId),
        ("evaluation_id", champion.EvaluationId),
        ("artifact_set_sha256", champion.ArtifactSetSha256),
        ("since", champion.Since.ToString()),
        ("predecessor", champion.Predecessor));
}
