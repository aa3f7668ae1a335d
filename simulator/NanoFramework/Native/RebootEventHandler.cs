// Package nanoFramework.Runtime.Native 1.7.11.
namespace nanoFramework.Runtime.Native;

public delegate void RebootEventHandler();
