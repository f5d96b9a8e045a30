using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>A member or type of another assembly that a compiled assembly refers to; <c>Member</c> is empty for the type itself.</summary>
internal sealed record MemberUse(string Type, string Member);

/// <summary>What compiled code refers to, read from its metadata: nothing that is called can be missing there.</summary>
internal static class MemberUses
{
    public static IReadOnlySet<MemberUse> Of(string assembly)
    {
        using var file = File.OpenRead(Repository.FileOf(assembly));
        using var portable = new PEReader(file);
        var metadata = portable.GetMetadataReader();
        var uses = new HashSet<MemberUse>();
        foreach (var handle in metadata.TypeReferences) uses.Add(new MemberUse(NameOf(metadata, handle), ""));
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (TypeOf(metadata, member.Parent) is { } type) uses.Add(new MemberUse(type, metadata.GetString(member.Name)));
        }

        return uses;
    }

    public static IReadOnlyList<string> AssemblyReferences(string assembly)
    {
        using var file = File.OpenRead(Repository.FileOf(assembly));
        using var portable = new PEReader(file);
        var metadata = portable.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>The types of an assembly whose methods refer to a member, with the byte of IL that stands before each call.</summary>
    public static IReadOnlyList<(string Caller, byte Before)> Callers(string assembly, string type, string name)
    {
        using var file = File.OpenRead(Repository.FileOf(assembly));
        using var portable = new PEReader(file);
        var metadata = portable.GetMetadataReader();
        var tokens = metadata.MemberReferences
            .Where(handle => metadata.GetMemberReference(handle) is var member && metadata.GetString(member.Name) == name
                && TypeOf(metadata, member.Parent) == type)
            .Select(handle => MetadataTokens.GetToken(handle))
            .ToHashSet();
        var found = new List<(string, byte)>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            var code = portable.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            for (var at = 1; at + 4 < code.Length; at++)
            {
                // call, newobj, ldftn and callvirt are followed by the member's token.
                if (code[at] is not (0x28 or 0x6F or 0x73 or 0x06) || !tokens.Contains(BitConverter.ToInt32(code, at + 1))) continue;
                found.Add((NameOf(metadata, method.GetDeclaringType()), code[at - 1]));
            }
        }

        return found;
    }

    private static string? TypeOf(MetadataReader metadata, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => NameOf(metadata, (TypeReferenceHandle)parent),
        HandleKind.TypeSpecification => GenericTypeOf(metadata, (TypeSpecificationHandle)parent),
        _ => null,
    };

    private static string? GenericTypeOf(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        signature.ReadCompressedInteger();
        var type = signature.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? NameOf(metadata, (TypeReferenceHandle)type) : null;
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            return $"{NameOf(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}";
        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }

    private static string NameOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil) return $"{NameOf(metadata, type.GetDeclaringType())}.{name}";
        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
