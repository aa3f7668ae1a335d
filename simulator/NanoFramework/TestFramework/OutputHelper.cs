// Package nanoFramework.TestFramework 3.0.77.
namespace nanoFramework.TestFramework;

public static class OutputHelper
{
    public static void Write(string text) => Console.Write(text);

    public static void WriteLine(string text) => Console.WriteLine(text);
}
