// Package nanoFramework.TestFramework 3.0.77.
// Modelled: the assertions that are not obsolete. Comparison of objects is by Equals; of text by ordinal.
using TestFrameworkShared;

namespace nanoFramework.TestFramework;

public sealed class Assert
{
    public static void AreEqual(bool expected, bool actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(byte expected, byte actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(char expected, char actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(DateTime expected, DateTime actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(double expected, double actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(short expected, short actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(int expected, int actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(long expected, long actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(sbyte expected, sbyte actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(float expected, float actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(string expected, string actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(ushort expected, ushort actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(uint expected, uint actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreEqual(ulong expected, ulong actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreNotEqual(bool notExpected, bool actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(byte notExpected, byte actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(char notExpected, char actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(DateTime notExpected, DateTime actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(double notExpected, double actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(short notExpected, short actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(int notExpected, int actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(long notExpected, long actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(sbyte notExpected, sbyte actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(float notExpected, float actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(string notExpected, string actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(ushort notExpected, ushort actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(uint notExpected, uint actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreNotEqual(ulong notExpected, ulong actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreEqual(object expected, object actual, string message = "") => Same(Equals(expected, actual), expected, actual, message);

    public static void AreNotEqual(object notExpected, object actual, string message = "") => Different(Equals(notExpected, actual), notExpected, message);

    public static void AreSame(object expected, object actual, string message = "") => Same(ReferenceEquals(expected, actual), expected, actual, message);

    public static void AreNotSame(object notExpected, object actual, string message = "") => Different(ReferenceEquals(notExpected, actual), notExpected, message);

    public static void IsTrue(bool condition, string message = "") => Same(condition, true, condition, message);

    public static void IsFalse(bool condition, string message = "") => Same(!condition, false, condition, message);

    public static void IsNull(object value, string message = "") => Same(value is null, null, value, message);

    public static void IsNotNull(object value, string message = "") => Different(value is null, null, message);

    public static void IsInstanceOfType(object value, Type expectedType, string message = "") => Same(expectedType.IsInstanceOfType(value), expectedType, value?.GetType(), message);

    public static void IsNotInstanceOfType(object value, Type wrongType, string message = "") => Different(wrongType.IsInstanceOfType(value), wrongType, message);

    public static void Contains(string expected, string actual, string message = "") => Same(actual.Contains(expected, StringComparison.Ordinal), expected, actual, message);

    public static void DoesNotContains(string expected, string actual, string message = "") => Different(actual.Contains(expected, StringComparison.Ordinal), expected, message);

    public static void StartsWith(string expected, string actual, string message = "") => Same(actual.StartsWith(expected, StringComparison.Ordinal), expected, actual, message);

    public static void EndsWith(string expected, string actual, string message = "") => Same(actual.EndsWith(expected, StringComparison.Ordinal), expected, actual, message);

    public static void ThrowsException(Type exceptionType, Action action, string message = "")
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Same(e.GetType() == exceptionType, exceptionType, e.GetType(), message);
            return;
        }
        throw new AssertFailedException($"Expected {exceptionType}, nothing was thrown. {message}");
    }

    public static void SkipTest(string? message = null) => throw new SkipTestException(message);

    static void Same(bool holds, object? expected, object? actual, string message)
    {
        if (!holds) throw new AssertFailedException($"Expected {expected ?? "null"}, actual {actual ?? "null"}. {message}");
    }

    static void Different(bool equal, object? notExpected, string message)
    {
        if (equal) throw new AssertFailedException($"Not expected: {notExpected ?? "null"}. {message}");
    }
}
