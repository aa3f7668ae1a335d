// Package nanoFramework.M2Mqtt 5.1.220.
namespace nanoFramework.M2Mqtt.Exceptions;

public class MqttCommunicationException : Exception
{
    public MqttCommunicationException() { }

    public MqttCommunicationException(Exception e) : base(null, e) { }
}
