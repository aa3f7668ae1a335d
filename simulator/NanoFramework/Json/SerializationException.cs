// Package nanoFramework.Json 2.2.203.
namespace nanoFramework.Json;

public class SerializationException : Exception
{
}
