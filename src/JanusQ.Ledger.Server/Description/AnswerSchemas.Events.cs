using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <content>The data of events, read off the code: it is what <see cref="LedgerJson"/> writes of them.</content>
internal sealed partial class AnswerSchemas
{
    internal OpenApiSchema CandidateEventData() => new()
    {
        Description = "What happened: which of these it is, the event's type says. What there is none of is left out.",
        AnyOf =
        [
            .. EventNames.All.Select(name => name.Type).Where(type => type.IsAssignableTo(typeof(CandidateEvent))).Distinct().Select(DataOf)
        ],
    };

    /// <summary>The data of events of a type.</summary>
    public OpenApiSchemaReference DataOf(Type happened) => Refer(happened.Name, () => ObjectOf(happened));

    private OpenApiSchema Step<T>(string explanation)
        where T : CandidateEvent => new()
        {
            AllOf =
            [
                One(DecisionEvent),
                new OpenApiSchema
                {
                    Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["data"] = DataOf(typeof(T)) },
                },
            ],
            Description = explanation,
        };

    private static OpenApiSchema ObjectOf(Type type)
    {
        // What follows from other members cannot be set, and is not written.
        var written = LedgerJson.Options.GetTypeInfo(type).Properties
            .Select(member => (member.Name, Property: (PropertyInfo)member.AttributeProvider!)).Where(member => member.Property.CanWrite);
        return Object(CodeDocs.SummaryOf(type), written.Select(member => MemberOf(member.Name, member.Property)));
    }

    private static (string Name, IOpenApiSchema Schema) MemberOf(string name, PropertyInfo property)
    {
        var isOptional = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        var schema = SchemaOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        schema.Description = CodeDocs.SummaryOf(property);
        return (isOptional ? name + "?" : name, schema);
    }

    private static OpenApiSchema SchemaOf(Type type) =>
        type == typeof(string) ? Text(null)
        : type == typeof(bool) ? Flag(null)
        : type == typeof(int) || type == typeof(long) ? Number()
        : type == typeof(Sha256Hash) ? Sha256(null)
        : type == typeof(Instant) ? Moment(null)
        : type.IsEnum ? Word(null, Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))
        : type == typeof(JsonObject) ? AnyObject(null)
        : type == typeof(JsonArray) ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = AnyObject(null) }
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = SchemaOf(type.GetGenericArguments()[0]) }
        : ObjectOf(type);
}
