using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Server.Description;

/// <summary>The example of each contract: its static property <c>Example</c>, which the compiler holds to the contract.</summary>
internal static class ContractExamples
{
    /// <summary>The example as the API would write it; none where the contract has none.</summary>
    public static JsonNode? Find(Type contract) =>
        contract.GetProperty("Example", BindingFlags.Public | BindingFlags.Static) is { } property && property.PropertyType == contract
            ? JsonSerializer.SerializeToNode(property.GetValue(null), contract, ApiJson.Options)
            : null;
}
