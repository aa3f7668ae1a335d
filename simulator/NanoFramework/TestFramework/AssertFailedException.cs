// Package nanoFramework.TestFramework 3.0.77.
namespace TestFrameworkShared;

public class AssertFailedException : Exception
{
    public AssertFailedException() { }

    public AssertFailedException(string message) : base(message) { }

    public AssertFailedException(string message, Exception inner) : base(message, inner) { }
}
