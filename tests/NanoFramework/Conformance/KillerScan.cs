using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Gateway.NanoFramework.Tests.Conformance;

/// <summary>
/// Finds in an assembly that was compiled against the board's API what the compiler accepts and the real runtime does not survive, or answers otherwise than expected.
/// Each finding begins with the name of its rule; Fixtures/Killers has one snippet per rule.
/// </summary>
internal sealed class KillerScan
{
    /// <summary>Namespaces where a call of String.Format is refused: it runs in every step, and costs tens of microseconds on a desktop core.</summary>
    static readonly string[] hotNamespaces = ["Gateway.Firmware", "Gateway.Firmware.Inputs", "Gateway.Firmware.Journal", "Gateway.Firmware.Delivery", "Gateway.Firmware.Feedback"];

    readonly SortedSet<string> findings = new(StringComparer.Ordinal);

    public static string[] Of(byte[] image)
    {
        var scan = new KillerScan();
        using var assembly = AssemblyDefinition.ReadAssembly(new MemoryStream(image));
        foreach (var type in assembly.MainModule.GetTypes()) scan.Scan(type);
        return [.. scan.findings];
    }

    void Scan(TypeDefinition type)
    {
        if (type.HasGenericParameters) Found("generic-type", type.FullName);
        foreach (var implemented in type.Interfaces) Signature(implemented.InterfaceType, type.FullName);
        if (type.BaseType is { } baseType) Signature(baseType, type.FullName);
        foreach (var field in type.Fields)
        {
            Signature(field.FieldType, field.FullName);
            if (field.IsStatic && !field.IsInitOnly && !field.IsLiteral && !IsCompilerMade(type) && !IsCompilerMade(field)) Found("mutable-static", field.FullName);
        }
        foreach (var method in type.Methods) Scan(method);
    }

    void Scan(MethodDefinition method)
    {
        if (method.HasGenericParameters) Found("generic-method", method.FullName);
        if (method.DeclaringType.IsInterface && !method.IsAbstract && !method.IsStatic) Found("default-interface-method", method.FullName);
        Signature(method.ReturnType, method.FullName);
        foreach (var parameter in method.Parameters) Signature(parameter.ParameterType, method.FullName);
        if (!method.HasBody) return;
        foreach (var local in method.Body.Variables)
        {
            Signature(local.VariableType, method.FullName);
            if (local.IsPinned) Found("fixed", method.FullName);
        }
        foreach (var handler in method.Body.ExceptionHandlers)
            if (handler.CatchType is { } caught) Signature(caught, method.FullName);
        foreach (var instruction in method.Body.Instructions) Scan(instruction, method);
    }

    void Scan(Instruction instruction, MethodDefinition method)
    {
        if (instruction.OpCode.Name.Contains(".ovf", StringComparison.Ordinal)) Found("checked-arithmetic", method.FullName);
        switch (instruction.Operand)
        {
            case TypeReference type: Signature(type, method.FullName); break;
            case FieldReference field: Signature(field.DeclaringType, method.FullName); break;
            case MethodReference called: Call(called, instruction, method); break;
        }
    }

    void Call(MethodReference called, Instruction instruction, MethodDefinition method)
    {
        Signature(called.DeclaringType, method.FullName);
        if (called is GenericInstanceMethod) Found("generic-method", method.FullName);
        var declaring = called.DeclaringType.FullName;
        if (called.Name == "ToString" && called.Parameters.Count == 0 && (declaring is "System.Double" or "System.Single")) Found("fraction-to-string", method.FullName);
        if (called.Name == "ToString" && IsEnum(instruction.Previous)) Found("enum-to-string", method.FullName);
        if (declaring == "System.String" && called.Name == "Format" && hotNamespaces.Contains(NamespaceOf(method.DeclaringType))) Found("format-in-hot-path", method.FullName);
    }

    void Signature(TypeReference type, string where)
    {
        switch (type)
        {
            case GenericInstanceType: Found("generic-type", where); break;
            case ArrayType { Rank: > 1 }: Found("multi-dimensional-array", where); break;
            case PointerType: Found("pointer", where); break;
        }
        if (type is TypeSpecification specification) Signature(specification.ElementType, where);
    }

    static bool IsEnum(Instruction? before) =>
        before is { OpCode.Code: Code.Constrained, Operand: TypeDefinition { IsEnum: true } };

    static bool IsCompilerMade(MemberReference member) => member.Name.Contains('<', StringComparison.Ordinal);

    static string NamespaceOf(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.Namespace;
    }

    void Found(string rule, string where) => findings.Add($"{rule}: {where}");
}
