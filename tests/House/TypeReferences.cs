using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Gateway.House.Tests;

/// <summary>Which types and members each type of an assembly uses, read from its IL: signatures, fields, bodies, attributes of members.</summary>
internal static class TypeReferences
{
    /// <summary>(using type, used member or type) pairs; compiler-made nested types count for the type they stand in.</summary>
    public static IEnumerable<(TypeDefinition From, MemberReference To)> Of(string assemblyPath)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        foreach (var type in assembly.MainModule.GetTypes())
        {
            foreach (var used in UsedBy(type))
            {
                yield return (type, used);
            }
        }
    }

    /// <summary>Namespace of a type; of its outermost type when nested.</summary>
    public static string NamespaceOf(TypeReference type)
    {
        var outer = type.GetElementType();
        while (outer.DeclaringType is not null)
        {
            outer = outer.DeclaringType;
        }

        return outer.Namespace;
    }

    public static TypeReference TypeOf(MemberReference member) => member as TypeReference ?? member.DeclaringType;

    private static IEnumerable<MemberReference> UsedBy(TypeDefinition type)
    {
        if (type.BaseType is not null)
        {
            yield return type.BaseType;
        }

        foreach (var item in type.Interfaces)
        {
            yield return item.InterfaceType;
        }

        foreach (var field in type.Fields)
        {
            foreach (var part in Parts(field.FieldType))
            {
                yield return part;
            }
        }

        foreach (var method in type.Methods)
        {
            foreach (var part in method.Parameters.SelectMany(p => Parts(p.ParameterType)).Concat(Parts(method.ReturnType)))
            {
                yield return part;
            }

            foreach (var operand in method.HasBody ? method.Body.Instructions.Select(i => i.Operand) : [])
            {
                if (operand is MemberReference member)
                {
                    yield return member;
                    foreach (var part in Parts(TypeOf(member)))
                    {
                        yield return part;
                    }
                }
            }
        }
    }

    private static IEnumerable<TypeReference> Parts(TypeReference? type)
    {
        if (type is null or GenericParameter)
        {
            yield break;
        }

        yield return type.GetElementType();
        if (type is GenericInstanceType generic)
        {
            foreach (var part in generic.GenericArguments.SelectMany(Parts))
            {
                yield return part;
            }
        }
    }
}
