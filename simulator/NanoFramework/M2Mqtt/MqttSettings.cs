// Package nanoFramework.M2Mqtt 5.1.220.
// One instance for all clients of a board; here for all boards of the process, which is why only constants and defaults of the library are offered for reading,
// and InflightQueueSize is per process as well.
namespace nanoFramework.M2Mqtt;

public class MqttSettings
{
    public const int BrokerDefaultPort = 1883;
    public const int BrokerDefaultSslPort = 8883;
    public const int DefaultTimeout = 30_000;
    public const int MaximumAttemptsRetry = 3;
    public const int DefaultDelayRetry = 1_000;
    public const int ConnectTimeout = 30_000;
    public const int DefaultInflightQueueSize = int.MaxValue;

    MqttSettings() { }

    public static MqttSettings Instance { get; } = new();

    public int AttemptsOnRetry => MaximumAttemptsRetry;

    public int DelayOnRetry => DefaultDelayRetry;

    public int TimeoutOnConnection => ConnectTimeout;

    public int TimeoutOnReceiving => DefaultTimeout;

    public int InflightQueueSize { get; set; } = DefaultInflightQueueSize;
}
