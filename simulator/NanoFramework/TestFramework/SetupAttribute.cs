// Package nanoFramework.TestFramework 3.0.77.
namespace nanoFramework.TestFramework;

[AttributeUsage(AttributeTargets.Method)]
public class SetupAttribute : Attribute
{
}
