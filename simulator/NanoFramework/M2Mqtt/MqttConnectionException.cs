// Package nanoFramework.M2Mqtt 5.1.220.
namespace nanoFramework.M2Mqtt.Exceptions;

public class MqttConnectionException(string message, Exception innerException) : Exception(message, innerException);
