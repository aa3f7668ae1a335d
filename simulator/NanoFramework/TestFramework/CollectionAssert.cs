// Package nanoFramework.TestFramework 3.0.77.
using System.Collections;
using TestFrameworkShared;

namespace nanoFramework.TestFramework;

public sealed class CollectionAssert
{
    public static void AreEqual(ICollection expected, ICollection actual, string message = "")
    {
        if (!SameItems(expected, actual)) throw new AssertFailedException($"Expected [{Text(expected)}], actual [{Text(actual)}]. {message}");
    }

    public static void AreNotEqual(ICollection notExpected, ICollection actual, string message = "")
    {
        if (SameItems(notExpected, actual)) throw new AssertFailedException($"Not expected: [{Text(notExpected)}]. {message}");
    }

    public static void Empty(ICollection collection, string message = "")
    {
        if (collection.Count != 0) throw new AssertFailedException($"Expected nothing, actual [{Text(collection)}]. {message}");
    }

    public static void NotEmpty(ICollection collection, string message = "")
    {
        if (collection.Count == 0) throw new AssertFailedException($"Expected items, there are none. {message}");
    }

    static bool SameItems(ICollection a, ICollection b) => a.Cast<object?>().SequenceEqual(b.Cast<object?>());

    static string Text(ICollection items) => string.Join(", ", items.Cast<object?>());
}
