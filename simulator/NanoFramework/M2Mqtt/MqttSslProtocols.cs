// Package nanoFramework.M2Mqtt.Core 5.1.220.
namespace nanoFramework.M2Mqtt;

public enum MqttSslProtocols
{
    None = 0,
    SSLv3 = 1,
    TLSv1_0 = 2,
    TLSv1_1 = 3,
    TLSv1_2 = 4,
    TLSv1_3 = 5,
}
