using Mono.Cecil;

namespace Gateway.House.Tests;

/// <summary>The rooms know only what the house lets them know, whatever the project files allow.</summary>
public sealed class DependencyRules
{
    private static readonly string FirmwareAssembly = Built("Gateway.Firmware.Desktop");
    private static readonly string MqttAssembly = Built("Gateway.Mqtt");
    private static readonly string HubAssembly = Built("Gateway.Hub");

    /// <summary>Libraries that compute and touch no hardware, clock, file or network: they are to the core what the BCL is.</summary>
    private static readonly string[] CoreMayUse = ["nanoFramework.Json", "System.IO.Hashing", "System.Security.Cryptography", "System.Text", "System.Collections"];

    private static readonly string[] CoreMayUseOfSystemIo = ["System.IO.IOException"];

    /// <summary>Members of plain System types that read a clock, start a thread or draw chance behind the ports' back.</summary>
    private static readonly string[] HiddenInputs =
        ["System.DateTime::get_UtcNow", "System.DateTime::get_Now", "System.Environment::", "System.Random::", "System.Threading.Thread::", "System.Threading.Timer::", "System.Diagnostics."];

    [Fact]
    public void Firmware_core_knows_only_its_ports()
    {
        var offences = TypeReferences.Of(FirmwareAssembly)
            .Where(use => IsCore(use.From) && !CoreMayKnow(use.To))
            .Select(Describe).Distinct().ToList();

        Assert.True(offences.Count == 0, string.Join("\n", offences));
    }

    [Fact]
    public void Mqtt_knows_no_other_room()
    {
        var offences = TypeReferences.Of(MqttAssembly)
            .Where(use => NamespaceOf(use.To) is var to && to.StartsWith("Gateway.", StringComparison.Ordinal) && !to.StartsWith("Gateway.Mqtt", StringComparison.Ordinal))
            .Select(Describe).Distinct().ToList();

        Assert.True(offences.Count == 0, string.Join("\n", offences));
    }

    [Theory]
    [InlineData("Incidents")]
    [InlineData("Dispatch")]
    [InlineData("Stations")]
    [InlineData("Patrol")]
    [InlineData("Warnings")]
    [InlineData("Statistics")]
    public void Rules_know_no_mqtt_sql_or_web(string room)
    {
        string[] forbidden = ["Gateway.Mqtt", "Microsoft.Data", "Dapper", "SQLitePCL", "Microsoft.AspNetCore", "System.Net.Sockets", "Gateway.Hub.Storage", "Gateway.Hub.Api", "Gateway.Hub.Console"];
        AssertRoomAvoids("Gateway.Hub." + room, forbidden);
    }

    [Fact]
    public void Ingest_does_no_input_or_output() =>
        AssertRoomAvoids("Gateway.Hub.Ingest", "Microsoft.Data", "Dapper", "Microsoft.AspNetCore", "System.Net.Sockets", "System.Threading.Tasks", "Gateway.Hub.Storage", "Gateway.Hub.Api", "Gateway.Hub.Console");

    [Fact]
    public void No_room_of_the_hub_depends_on_the_console()
    {
        // The composition root composes: it is the one place that names both.
        var offences = TypeReferences.Of(HubAssembly)
            .Where(use => TypeReferences.NamespaceOf(use.From) is var from
                && from.StartsWith("Gateway.Hub", StringComparison.Ordinal)
                && !from.StartsWith("Gateway.Hub.Console", StringComparison.Ordinal)
                && Outermost(use.From).Name != "HubHost"
                && NamespaceOf(use.To).StartsWith("Gateway.Hub.Console", StringComparison.Ordinal))
            .Select(Describe).Distinct().ToList();

        Assert.True(offences.Count == 0, string.Join("\n", offences));
    }

    private static void AssertRoomAvoids(string room, params string[] forbidden)
    {
        var offences = TypeReferences.Of(HubAssembly)
            .Where(use => IsIn(TypeReferences.NamespaceOf(use.From), room) && forbidden.Any(name => IsIn(NamespaceOf(use.To), name)))
            .Select(Describe).Distinct().ToList();

        Assert.True(offences.Count == 0, string.Join("\n", offences));
    }

    private static bool IsCore(TypeDefinition type) =>
        TypeReferences.NamespaceOf(type) is var from
        && from.StartsWith("Gateway.Firmware", StringComparison.Ordinal)
        && !IsIn(from, "Gateway.Firmware.Esp32");

    private static bool CoreMayKnow(MemberReference to)
    {
        var space = NamespaceOf(to);
        var name = to is TypeReference ? to.FullName : to.DeclaringType.FullName + "::" + to.Name;
        if (space.Length == 0 || IsIn(space, "System.Runtime.CompilerServices"))
        {
            return true;
        }

        if (HiddenInputs.Any(hidden => name.StartsWith(hidden, StringComparison.Ordinal)))
        {
            return false;
        }

        return space == "System"
            || (IsIn(space, "Gateway.Firmware") && !IsIn(space, "Gateway.Firmware.Esp32"))
            || CoreMayUse.Any(allowed => IsIn(space, allowed))
            || CoreMayUseOfSystemIo.Contains(TypeReferences.TypeOf(to).FullName)
            || space == "System.Diagnostics.CodeAnalysis"
            || (space == "System.Diagnostics" && name.Contains("Debugg"));
    }

    private static string Built(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    private static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type;
    }

    private static string NamespaceOf(MemberReference member) => TypeReferences.NamespaceOf(TypeReferences.TypeOf(member));

    private static bool IsIn(string space, string room) => space == room || space.StartsWith(room + ".", StringComparison.Ordinal);

    private static string Describe((TypeDefinition From, MemberReference To) use) => $"{use.From.FullName} uses {use.To.FullName}";
}
