using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests;

/// <summary>Places in a document: names and positions from the top, and what a document looks like with one of them changed.</summary>
internal static class JsonPlaces
{
    /// <summary>Every place below the top, depth first.</summary>
    public static IEnumerable<object[]> Below(JsonValue value)
    {
        IEnumerable<(object Step, JsonValue Inner)> steps = value switch
        {
            JsonObject members => members.Members.Select(member => ((object)member.Key, member.Value)),
            JsonArray array => array.Elements.Select((element, at) => ((object)at, element)),
            _ => [],
        };
        foreach (var (step, inner) in steps)
        {
            yield return [step];
            foreach (var below in Below(inner)) yield return [step, .. below];
        }
    }

    /// <summary>The place as names and positions joined by points.</summary>
    public static string Name(object[] place) => string.Join('.', place);

    /// <summary>What stands at a place.</summary>
    public static JsonValue At(JsonValue value, ReadOnlySpan<object> place) => place switch
    {
        [] => value,
        [string name, .. var below] => At(((JsonObject)value)[name]!, below),
        [int position, .. var below] => At(((JsonArray)value)[position], below),
        _ => throw new ArgumentException("A step is a name or a position.", nameof(place)),
    };

    /// <summary>The document with another value at a place.</summary>
    public static JsonValue Replace(JsonValue value, object[] place, JsonValue replacement) => Change(value, place, _ => replacement);

    /// <summary>The document without what stands at a place.</summary>
    public static JsonValue Remove(JsonValue value, object[] place) => Change(value, place, _ => null);

    private static JsonValue Change(JsonValue value, ReadOnlySpan<object> place, Func<JsonValue, JsonValue?> change)
    {
        if (place is [])
            return change(value)!;
        var last = place.Length == 1;
        if (value is JsonObject members)
        {
            var name = (string)place[0];
            var changed = last ? change(members[name]!) : Change(members[name]!, place[1..], change);
            return changed is null ? members.Without(name) : members.With(name, changed);
        }

        var array = (JsonArray)value;
        var position = (int)place[0];
        var element = last ? change(array[position]) : Change(array[position], place[1..], change);
        var elements = array.Elements.ToList();
        if (element is null) elements.RemoveAt(position);
        else elements[position] = element;
        return new JsonArray((IEnumerable<JsonValue>)elements);
    }
}
