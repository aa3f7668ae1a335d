// Package nanoFramework.Runtime.Native 1.7.11.
// Modelled: the number of free bytes that a board of this project has after boot, as a constant: the desktop's heap says nothing about a board's.
using Gateway.NanoFramework.Board;

namespace nanoFramework.Runtime.Native;

public static class GC
{
    const uint FreeBytes = 96 * 1024;

    public static uint Run(bool compactHeap)
    {
        Incarnation.Current.Enter();
        return FreeBytes;
    }

    public static void EnableGCMessages(bool enable) { }
}
