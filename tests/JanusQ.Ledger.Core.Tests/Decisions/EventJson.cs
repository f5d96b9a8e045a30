using System.Collections;
using System.Globalization;
using System.Reflection;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Decisions;

/// <summary>Events as JSON, every property of them: a stand-in for the store's serializer, which the core does not have.</summary>
internal static class EventJson
{
    public static JsonValue Of(CandidateEvent happened) => Spell(happened);

    private static JsonValue Spell(object? value) => value switch
    {
        null => JsonValue.Null,
        JsonValue json => json,
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        Sha256Hash hash => hash,
        Instant instant => instant.ToString(),
        Enum name => name.ToString(),
        IEnumerable elements => new JsonArray(elements.Cast<object>().Select(Spell)),
        _ => new JsonObject(value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => KeyValuePair.Create(property.Name.ToLower(CultureInfo.InvariantCulture), Spell(property.GetValue(value))))),
    };
}
