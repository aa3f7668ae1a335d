// Package nanoFramework.TestFramework 3.0.77.
namespace TestFrameworkShared;

public class AssertFailedException : Exception
{
    internal AssertFailedException(string message) : base(message) { }
}
