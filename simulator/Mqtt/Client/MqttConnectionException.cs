namespace Gateway.Mqtt.Client;

/// <summary>The connection could not be made, is not there, or its window is full.</summary>
public sealed class MqttConnectionException(string message, Exception? inner = null) : Exception(message, inner);
