// Package nanoFramework.TestFramework 3.0.77.
namespace nanoFramework.TestFramework;

[AttributeUsage(AttributeTargets.Class)]
public class TestClassAttribute : Attribute
{
    public virtual TestMethodAttribute GetTestMethodAttribute(TestMethodAttribute testMethodAttribute) => testMethodAttribute;
}
