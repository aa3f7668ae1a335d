namespace Gateway.Mqtt.Tests.Conformance;

/// <summary>The normative statements that a test proves; CONFORMANCE.md is checked against it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProvesAttribute(params string[] statements) : Attribute
{
    public string[] Statements => statements;
}
