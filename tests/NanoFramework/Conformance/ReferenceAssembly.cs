using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Gateway.NanoFramework.Tests.Conformance;

/// <summary>Writes one listing as an assembly that a compiler can reference: the same types and members, with empty bodies. Nothing of the desktop's BCL is in it.</summary>
internal sealed class ReferenceAssembly
{
    readonly ApiListing listing;
    readonly IReadOnlyDictionary<string, ReferenceAssembly> others;
    readonly ModuleDefinition module;
    readonly Dictionary<string, TypeDefinition> types = [];

    ReferenceAssembly(ApiListing listing, IReadOnlyDictionary<string, ReferenceAssembly> others)
    {
        this.listing = listing;
        this.others = others;
        // Cecil would look for the primitive types inside a module that is named mscorlib before its type system exists.
        var name = new AssemblyNameDefinition(IsCoreLibrary ? "core" : listing.Assembly, listing.Version);
        module = AssemblyDefinition.CreateAssembly(name, listing.Assembly, new ModuleParameters { Kind = ModuleKind.Dll, AssemblyResolver = new Resolver(others) }).MainModule;
        _ = module.TypeSystem.Object;
        module.AssemblyReferences.Clear();
        name.Name = listing.Assembly;
        foreach (var reference in listing.References) module.AssemblyReferences.Add(new AssemblyNameReference(reference, others[reference].listing.Version));
    }

    bool IsCoreLibrary => listing.References.Length == 0;

    /// <summary>All listings as images, by assembly name.</summary>
    public static Dictionary<string, byte[]> WriteAll(IEnumerable<ApiListing> listings)
    {
        var assemblies = new Dictionary<string, ReferenceAssembly>();
        var left = listings.ToList();
        while (left.Count > 0)
        {
            var next = left.FirstOrDefault(l => l.References.All(assemblies.ContainsKey)) ??
                throw new InvalidOperationException($"Listings are missing or circular: {string.Join(", ", left.Select(l => $"{l.Assembly} ({string.Join(' ', l.References)})"))}");
            left.Remove(next);
            var assembly = new ReferenceAssembly(next, assemblies);
            assembly.Declare();
            assemblies.Add(next.Assembly, assembly);
        }
        return assemblies.ToDictionary(pair => pair.Key, pair => pair.Value.Write());
    }

    void Declare()
    {
        foreach (var type in listing.Types.OrderBy(t => t.Name.Count(c => c == '+'))) DeclareType(type);
        foreach (var type in listing.Types) DeclareBases(type, types[type.Name]);
        foreach (var type in listing.Types) DeclareMembers(type, types[type.Name]);
    }

    byte[] Write()
    {
        // The core library refers to nobody; primitive types are encoded by their element type and need no reference.
        if (IsCoreLibrary) module.AssemblyReferences.Clear();
        using var image = new MemoryStream();
        module.Write(image);
        return image.ToArray();
    }

    void DeclareType(ListedType type)
    {
        var nested = type.Name.LastIndexOf('+');
        var dot = nested < 0 ? type.Name.LastIndexOf('.') : -1;
        var attributes = nested < 0 ? TypeAttributes.Public : TypeAttributes.NestedPublic;
        attributes |= type.Kind switch
        {
            "interface" => TypeAttributes.Interface | TypeAttributes.Abstract,
            "struct" or "enum" => TypeAttributes.Sealed | TypeAttributes.SequentialLayout,
            "delegate" => TypeAttributes.Sealed,
            _ => (type.IsSealed || type.IsStatic ? TypeAttributes.Sealed : 0) | (type.IsAbstract || type.IsStatic ? TypeAttributes.Abstract : 0),
        };
        var definition = new TypeDefinition(dot < 0 ? "" : type.Name[..dot], type.ShortName, attributes);
        if (nested < 0) module.Types.Add(definition);
        else types[type.Name[..nested]].NestedTypes.Add(definition);
        types.Add(type.Name, definition);
        if (type.Kind != "delegate" || !type.Name.Contains('`')) return;
        foreach (var name in type.Parameters.Append(type.Returns!).Where(name => !name.Contains('.')).Distinct()) definition.GenericParameters.Add(new GenericParameter(name, definition));
    }

    void DeclareBases(ListedType type, TypeDefinition definition)
    {
        var bases = type.Kind == "enum" ? [] : type.Bases;
        var baseClass = bases.FirstOrDefault(name => !Definition(name).IsInterface);
        definition.BaseType = type.Kind switch
        {
            _ when type.Name == "System.Object" => null,
            "interface" => null,
            "struct" => Find("System.ValueType"),
            "enum" => Find("System.Enum"),
            "delegate" => Find("System.MulticastDelegate"),
            _ => Find(baseClass ?? "System.Object"),
        };
        foreach (var implemented in bases.Where(b => b != baseClass)) definition.Interfaces.Add(new InterfaceImplementation(Find(implemented)));
    }

    void DeclareMembers(ListedType type, TypeDefinition definition)
    {
        if (type.Kind == "enum")
            definition.Fields.Add(new FieldDefinition("value__", FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName, Find(type.Bases[0], definition)));
        if (type.Kind == "delegate") DeclareDelegate(type, definition);
        foreach (var member in type.Members)
        {
            switch (member.Kind)
            {
                case 'F': DeclareField(type, definition, member); break;
                case 'M': definition.Methods.Add(Method(definition, member, member.Name == "#ctor" ? ".ctor" : member.Name, Find(member.Returns, definition), member.Parameters)); break;
                case 'P': DeclareProperty(definition, member); break;
                case 'E': DeclareEvent(definition, member); break;
            }
        }
        // A struct that shows no field would count as empty, and as assigned before it is.
        if (type.Kind == "struct" && !definition.Fields.Any(f => !f.IsStatic) && !IsPrimitive(type.Name)) definition.Fields.Add(new FieldDefinition("hidden", FieldAttributes.Private, module.TypeSystem.Int32));
        if (type.Bases.Contains("System.Attribute")) AllowEverywhere(definition);
        if (definition.Properties.FirstOrDefault(p => p.HasParameters) is { } indexer) Mark(definition, "System.Reflection.DefaultMemberAttribute", indexer.Name);
    }

    /// <summary>The listings do not say where an attribute may stand and whether more than once: so everywhere, and often.</summary>
    void AllowEverywhere(TypeDefinition definition)
    {
        var targets = Find("System.AttributeTargets");
        var constructor = new MethodReference(".ctor", module.TypeSystem.Void, Find("System.AttributeUsageAttribute")) { HasThis = true };
        constructor.Parameters.Add(new ParameterDefinition(targets));
        var usage = new CustomAttribute(constructor);
        usage.ConstructorArguments.Add(new CustomAttributeArgument(targets, (int)AttributeTargets.All));
        usage.Properties.Add(new CustomAttributeNamedArgument("AllowMultiple", new CustomAttributeArgument(module.TypeSystem.Boolean, true)));
        definition.CustomAttributes.Add(usage);
    }

    void DeclareDelegate(ListedType type, TypeDefinition definition)
    {
        var constructor = new MethodDefinition(".ctor", MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName | MethodAttributes.HideBySig, module.TypeSystem.Void)
        { ImplAttributes = MethodImplAttributes.Runtime };
        constructor.Parameters.Add(new ParameterDefinition("target", ParameterAttributes.None, module.TypeSystem.Object));
        constructor.Parameters.Add(new ParameterDefinition("method", ParameterAttributes.None, module.TypeSystem.IntPtr));
        definition.Methods.Add(constructor);
        var invoke = new MethodDefinition("Invoke", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot, Find(type.Returns!, definition))
        { ImplAttributes = MethodImplAttributes.Runtime };
        foreach (var parameter in type.Parameters) invoke.Parameters.Add(Parameter(definition, parameter, invoke.Parameters.Count));
        definition.Methods.Add(invoke);
    }

    void DeclareField(ListedType type, TypeDefinition definition, ListedMember member)
    {
        if (type.Kind == "enum")
        {
            var number = Constant(member.Value!, types[type.Name].Fields[0].FieldType);
            definition.Fields.Add(new FieldDefinition(member.Name, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal | FieldAttributes.HasDefault, definition) { Constant = number });
            return;
        }
        var fieldType = Find(member.Returns, definition);
        var attributes = Visibility(member) | (member.Is("static") ? FieldAttributes.Static : 0) | (member.Is("readonly") ? FieldAttributes.InitOnly : 0);
        if (member.Is("const")) attributes |= FieldAttributes.Static | FieldAttributes.Literal | FieldAttributes.HasDefault;
        var field = new FieldDefinition(member.Name, attributes, fieldType);
        if (member.Is("const")) field.Constant = Constant(member.Value!, fieldType);
        definition.Fields.Add(field);
    }

    static FieldAttributes Visibility(ListedMember member) => member.Is("protected") ? FieldAttributes.Family : FieldAttributes.Public;

    void DeclareProperty(TypeDefinition definition, ListedMember member)
    {
        var type = Find(member.Returns, definition);
        var property = new PropertyDefinition(member.Name, PropertyAttributes.None, type);
        property.GetMethod = Accessor(definition, member, "get_" + member.Name, type, member.Parameters);
        if (member.Modifiers[0].Contains("set;")) property.SetMethod = Accessor(definition, member, "set_" + member.Name, module.TypeSystem.Void, [.. member.Parameters, member.Returns]);
        definition.Properties.Add(property);
    }

    void DeclareEvent(TypeDefinition definition, ListedMember member)
    {
        definition.Events.Add(new EventDefinition(member.Name, EventAttributes.None, Find(member.Returns, definition))
        {
            AddMethod = Accessor(definition, member, "add_" + member.Name, module.TypeSystem.Void, [member.Returns]),
            RemoveMethod = Accessor(definition, member, "remove_" + member.Name, module.TypeSystem.Void, [member.Returns]),
        });
    }

    MethodDefinition Accessor(TypeDefinition definition, ListedMember member, string name, TypeReference returns, string[] parameters)
    {
        var method = Method(definition, member, name, returns, parameters);
        method.Attributes |= MethodAttributes.SpecialName;
        definition.Methods.Add(method);
        return method;
    }

    MethodDefinition Method(TypeDefinition definition, ListedMember member, string name, TypeReference returns, string[] parameters)
    {
        var attributes = MethodAttributes.HideBySig | (member.Is("protected") ? MethodAttributes.Family : MethodAttributes.Public);
        if (member.Is("static")) attributes |= MethodAttributes.Static;
        if (member.Is("virtual") || member.Is("abstract") || definition.IsInterface) attributes |= MethodAttributes.Virtual | MethodAttributes.NewSlot;
        if (member.Is("abstract") || definition.IsInterface) attributes |= MethodAttributes.Abstract;
        if (member.Is("override")) attributes |= MethodAttributes.Virtual;
        if (name == ".ctor") attributes |= MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        if (name.StartsWith("op_", StringComparison.Ordinal)) attributes |= MethodAttributes.SpecialName;
        var method = new MethodDefinition(name, attributes, returns);
        foreach (var parameter in parameters) method.Parameters.Add(Parameter(definition, parameter, method.Parameters.Count));
        if (!method.IsAbstract) Throw(method);
        if (member.Is("[extension]"))
        {
            Mark(method, "System.Runtime.CompilerServices.ExtensionAttribute");
            if (!definition.HasCustomAttributes) Mark(definition, "System.Runtime.CompilerServices.ExtensionAttribute");
        }
        return method;
    }

    static void Throw(MethodDefinition method)
    {
        var il = method.Body.GetILProcessor();
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
    }

    ParameterDefinition Parameter(TypeDefinition definition, string text, int index)
    {
        var equals = text.IndexOf('=');
        var words = (equals < 0 ? text : text[..equals]).Split(' ');
        var type = Find(words[^1], definition);
        var parameter = new ParameterDefinition($"p{index}", ParameterAttributes.None, words[0] is "ref" or "out" ? new ByReferenceType(type) : type);
        if (words[0] == "out") parameter.IsOut = true;
        if (words[0] == "params") Mark(parameter, "System.ParamArrayAttribute");
        if (equals < 0) return parameter;
        parameter.IsOptional = true;
        parameter.HasDefault = true;
        parameter.Constant = Constant(text[(equals + 1)..], type);
        return parameter;
    }

    static object? Constant(string text, TypeReference type)
    {
        if (text == "null") return null;
        if (text.StartsWith('"')) return text[1..^1];
        if (text.StartsWith('\'')) return text.StartsWith("'\\u") ? (char)int.Parse(text[3..^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : text[1];
        if (bool.TryParse(text, out var flag)) return flag;
        return type.FullName switch
        {
            "System.String" => text,
            "System.Char" => (char)int.Parse(text, CultureInfo.InvariantCulture),
            "System.Byte" => byte.Parse(text, CultureInfo.InvariantCulture),
            "System.SByte" => sbyte.Parse(text, CultureInfo.InvariantCulture),
            "System.Int16" => short.Parse(text, CultureInfo.InvariantCulture),
            "System.UInt16" => ushort.Parse(text, CultureInfo.InvariantCulture),
            "System.UInt32" => uint.Parse(text, CultureInfo.InvariantCulture),
            "System.Int64" => long.Parse(text, CultureInfo.InvariantCulture),
            "System.UInt64" => ulong.Parse(text, CultureInfo.InvariantCulture),
            "System.Single" => float.Parse(text, CultureInfo.InvariantCulture),
            "System.Double" => double.Parse(text, CultureInfo.InvariantCulture),
            _ => int.Parse(text, CultureInfo.InvariantCulture),
        };
    }

    void Mark(ICustomAttributeProvider target, string attribute, string? argument = null)
    {
        var constructor = new MethodReference(".ctor", module.TypeSystem.Void, Find(attribute)) { HasThis = true };
        if (argument is not null) constructor.Parameters.Add(new ParameterDefinition(module.TypeSystem.String));
        var mark = new CustomAttribute(constructor);
        if (argument is not null) mark.ConstructorArguments.Add(new CustomAttributeArgument(module.TypeSystem.String, argument));
        target.CustomAttributes.Add(mark);
    }

    TypeReference Find(string name, TypeDefinition? scope = null)
    {
        if (name.EndsWith("[]", StringComparison.Ordinal)) return new ArrayType(Find(name[..^2], scope));
        if (scope?.GenericParameters.FirstOrDefault(p => p.Name == name) is { } parameter) return parameter;
        if (scope is not null && Primitive(name) is { } primitive) return primitive;
        var definition = Definition(name);
        return definition.Module == module ? definition : module.ImportReference(definition);
    }

    TypeDefinition Definition(string name)
    {
        if (types.TryGetValue(name, out var own)) return own;
        foreach (var reference in listing.References)
            if (others[reference].types.TryGetValue(name, out var found)) return found;
        throw new InvalidOperationException($"{listing.Assembly} names {name}, which neither it nor its references list.");
    }

    static bool IsPrimitive(string name) => name is "System.Void" or "System.Boolean" or "System.Char" or "System.SByte" or "System.Byte" or "System.Int16" or "System.UInt16" or "System.Int32"
        or "System.UInt32" or "System.Int64" or "System.UInt64" or "System.Single" or "System.Double" or "System.IntPtr" or "System.UIntPtr";

    TypeReference? Primitive(string name) => name switch
    {
        "System.Void" => module.TypeSystem.Void,
        "System.Boolean" => module.TypeSystem.Boolean,
        "System.Char" => module.TypeSystem.Char,
        "System.SByte" => module.TypeSystem.SByte,
        "System.Byte" => module.TypeSystem.Byte,
        "System.Int16" => module.TypeSystem.Int16,
        "System.UInt16" => module.TypeSystem.UInt16,
        "System.Int32" => module.TypeSystem.Int32,
        "System.UInt32" => module.TypeSystem.UInt32,
        "System.Int64" => module.TypeSystem.Int64,
        "System.UInt64" => module.TypeSystem.UInt64,
        "System.Single" => module.TypeSystem.Single,
        "System.Double" => module.TypeSystem.Double,
        "System.IntPtr" => module.TypeSystem.IntPtr,
        "System.UIntPtr" => module.TypeSystem.UIntPtr,
        "System.String" => module.TypeSystem.String,
        "System.Object" => module.TypeSystem.Object,
        _ => null,
    };

    /// <summary>Cecil asks for the underlying type of an enum that it writes into an attribute.</summary>
    sealed class Resolver(IReadOnlyDictionary<string, ReferenceAssembly> written) : IAssemblyResolver
    {
        public AssemblyDefinition Resolve(AssemblyNameReference name) => written[name.Name].module.Assembly;

        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

        public void Dispose() { }
    }
}
