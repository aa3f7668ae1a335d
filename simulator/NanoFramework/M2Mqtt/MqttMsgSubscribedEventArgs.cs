// Package nanoFramework.M2Mqtt.Core 5.1.220.
namespace nanoFramework.M2Mqtt.Messages;

public class MqttMsgSubscribedEventArgs(ushort messageId, MqttQoSLevel[] grantedQosLevels) : EventArgs
{
    public ushort MessageId { get; } = messageId;

    public MqttQoSLevel[] GrantedQoSLevels { get; } = grantedQosLevels;
}
