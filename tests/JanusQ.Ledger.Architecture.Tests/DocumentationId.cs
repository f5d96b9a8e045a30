using System.Reflection;

namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>The documentation id of a method, as compilers write it.</summary>
internal static class DocumentationId
{
    public static string Of(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? "``" + method.GetGenericArguments().Length : "";
        var parameters = method.GetParameters();
        var list = parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Of(parameter.ParameterType)))})";
        return $"M:{Name(method.DeclaringType!)}.{method.Name}{generic}{list}";
    }

    private static string Of(Type type)
    {
        if (type.IsByRef) return Of(type.GetElementType()!) + "@";
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        return type.IsGenericType ? $"{Name(type)}{{{string.Join(',', type.GetGenericArguments().Select(Of))}}}" : Name(type);
    }

    private static string Name(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Split('`')[0].Replace('+', '.');
}
