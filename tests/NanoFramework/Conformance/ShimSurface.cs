using System.Globalization;
using Mono.Cecil;

namespace Gateway.NanoFramework.Tests.Conformance;

/// <summary>The public surface of the desktop shims, written in the words of the listings, so that the two can be compared line by line.</summary>
internal static class ShimSurface
{
    /// <summary>Words of a listing that say nothing about how a member is called.</summary>
    static readonly string[] notCompared = ["native", "virtual", "override", "abstract", "[obsolete]"];

    /// <summary>Types of the shims by name, each with its members, as comparable lines.</summary>
    public static Dictionary<string, (string Type, HashSet<string> Members)> OfShims(string assemblyPath)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return assembly.MainModule.GetTypes()
            .Where(type => IsVisible(type) && !Namespace(type).StartsWith("Gateway.", StringComparison.Ordinal))
            .ToDictionary(NameOf, type => (TypeLine(type), Members(type).ToHashSet()));
    }

    /// <summary>The same of the listings.</summary>
    /// <param name="withObsolete">False leaves out what the packages themselves call obsolete.</param>
    public static Dictionary<string, (string Type, HashSet<string> Members)> OfListings(bool withObsolete) => ApiListing.All
        .SelectMany(listing => listing.Types)
        .ToDictionary(type => type.Name, type => (TypeLine(type), type.Members.Where(member => withObsolete || !member.Is("[obsolete]")).Select(MemberLine).ToHashSet()));

    static string TypeLine(ListedType type) =>
        type.Kind == "delegate" ? $"delegate ({string.Join(",", type.Parameters)}) -> {type.Returns}" : $"{(type.IsStatic ? "static " : type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "")}{type.Kind}";

    static string MemberLine(ListedMember member)
    {
        var modifiers = member.Modifiers.Where(word => !notCompared.Contains(word));
        return $"{member.Kind}:{member.Name}({string.Join(",", member.Parameters)}) -> {string.Join(' ', modifiers.Prepend(member.Returns))}{(member.Value is null ? "" : " = " + member.Value)}";
    }

    static string TypeLine(TypeDefinition type)
    {
        if (type.BaseType?.FullName == "System.MulticastDelegate")
        {
            var invoke = type.Methods.Single(method => method.Name == "Invoke");
            return $"delegate ({Parameters(invoke)}) -> {NameOf(invoke.ReturnType)}";
        }
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        if (type.IsValueType) return "struct";
        return type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "sealed class" : type.IsAbstract ? "abstract class" : "class";
    }

    static IEnumerable<string> Members(TypeDefinition type)
    {
        if (type.BaseType?.FullName == "System.MulticastDelegate") yield break;
        foreach (var field in type.Fields.Where(f => (f.IsPublic || f.IsFamily) && !f.IsSpecialName))
        {
            var value = field.HasConstant ? $" = {Convert.ToString(field.Constant, CultureInfo.InvariantCulture)}" : "";
            yield return type.IsEnum
                ? $"F:{field.Name}() -> System.Void{value}"
                : $"F:{field.Name}() -> {NameOf(field.FieldType)} {Access(field.IsPublic)}{(field.IsLiteral ? " const" : (field.IsStatic ? " static" : "") + (field.IsInitOnly ? " readonly" : ""))}{value}";
        }
        foreach (var method in type.Methods.Where(m => (m.IsPublic || m.IsFamily) && (!m.IsSpecialName || m.IsConstructor || m.Name.StartsWith("op_", StringComparison.Ordinal)) && !(m.IsConstructor && m.IsStatic)))
            yield return $"M:{(method.IsConstructor ? "#ctor" : method.Name)}({Parameters(method)}) -> {NameOf(method.ReturnType)} {Access(method.IsPublic)}{(method.IsStatic ? " static" : "")}";
        foreach (var property in type.Properties)
        {
            var get = property.GetMethod;
            if (get is not ({ IsPublic: true } or { IsFamily: true })) continue;
            var set = property.SetMethod is { IsPublic: true } or { IsFamily: true } ? "set;" : "";
            yield return $"P:{property.Name}({string.Join(",", property.Parameters.Select(p => NameOf(p.ParameterType)))}) -> {NameOf(property.PropertyType)} {{get;{set}}} {Access(get.IsPublic)}{(get.IsStatic ? " static" : "")}";
        }
        foreach (var e in type.Events.Where(e => e.AddMethod.IsPublic))
            yield return $"E:{e.Name}() -> {NameOf(e.EventType)} public{(e.AddMethod.IsStatic ? " static" : "")}";
    }

    static string Access(bool isPublic) => isPublic ? "public" : "protected";

    static string Parameters(MethodDefinition method) => string.Join(",", method.Parameters.Select(parameter =>
    {
        var prefix = parameter.IsOut ? "out " : parameter.ParameterType.IsByReference ? "ref " : parameter.CustomAttributes.Any(a => a.AttributeType.Name == "ParamArrayAttribute") ? "params " : "";
        return prefix + NameOf(parameter.ParameterType is ByReferenceType reference ? reference.ElementType : parameter.ParameterType) + Default(parameter);
    }));

    static string Default(ParameterDefinition parameter) => !parameter.IsOptional ? "" : "=" + (parameter.Constant switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        var number => Convert.ToString(number, CultureInfo.InvariantCulture),
    });

    static bool IsVisible(TypeDefinition type) => type.IsPublic || (type.IsNestedPublic && IsVisible(type.DeclaringType));

    static string Namespace(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.Namespace;
    }

    static string NameOf(TypeReference type) => type.FullName.Replace('/', '+');
}
