// Package nanoFramework.Json 2.2.203.
namespace nanoFramework.Json;

public class DeserializationException : Exception
{
    public DeserializationException() { }

    internal DeserializationException(Exception inner) : base("The text is not JSON that fits the type.", inner) { }
}
