// Package nanoFramework.TestFramework 3.0.77.
namespace nanoFramework.TestFramework;

public class SkipTestException(string? message = null, Exception? innerException = null) : Exception(message, innerException);
