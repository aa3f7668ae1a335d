// Package nanoFramework.M2Mqtt 5.1.220.
namespace nanoFramework.M2Mqtt;

public enum MqttProtocolVersion
{
    Version_3_1 = 3,
    Version_3_1_1 = 4,
    Version_5 = 5,
}
