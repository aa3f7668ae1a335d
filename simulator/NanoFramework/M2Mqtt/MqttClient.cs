// Package nanoFramework.M2Mqtt 5.1.220.
// Modelled: the name is resolved in the constructor; Connect blocks the calling thread and throws MqttConnectionException when TCP or TLS fails, MqttCommunicationException when
// no CONNACK comes in 30 s, and returns the code of a refusal; the threads of a refused client run until Close. Publish and Subscribe only put into a queue in RAM. QoS 1 is tried 3 times, 1 s apart, then reported as
// not published. A received QoS 1 message is acknowledged before the callback sees it. Callbacks come one after the other on threads of the library. A dead connection is noticed when
// PINGRESP does not come within the keep-alive time. Close loses whatever was queued and waits for a moment.
// Not modelled: MQTT 3.1 and 5, QoS 2, persistent sessions, user properties; queues hold no memory of the board.
using System.Collections;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.NanoFramework.Board;
using nanoFramework.M2Mqtt.Exceptions;
using nanoFramework.M2Mqtt.Messages;

namespace nanoFramework.M2Mqtt;

public class MqttClient : IMqttClient, IDisposable
{
    readonly Incarnation incarnation = Incarnation.Current;
    readonly Lock idGate = new();
    BrokerRoute route = null!;
    ClientConnection? connection;
    ushort lastMessageId;

    public MqttClient(string brokerHostName) : this(brokerHostName, MqttSettings.BrokerDefaultPort, false, null!, null!, MqttSslProtocols.None) { }

    public MqttClient(string brokerHostName, int brokerPort, bool secure, X509Certificate caCert, X509Certificate clientCert, MqttSslProtocols sslProtocol) =>
        Init(brokerHostName, brokerPort, secure, caCert?.GetRawCertData()!, clientCert?.GetRawCertData()!, sslProtocol);

    public event IMqttClient.MqttMsgPublishEventHandler? MqttMsgPublishReceived;

    public event IMqttClient.MqttMsgPublishedEventHandler? MqttMsgPublished;

    public event IMqttClient.MqttMsgSubscribedEventHandler? MqttMsgSubscribed;

    public event IMqttClient.MqttMsgUnsubscribedEventHandler? MqttMsgUnsubscribed;

    public event IMqttClient.ConnectionClosedEventHandler? ConnectionClosed;

    public bool IsConnected => connection is { IsOpen: true };

    public string ClientId { get; private set; } = null!;

    public bool CleanSession { get; private set; }

    public bool WillFlag { get; private set; }

    public MqttQoSLevel WillQosLevel { get; private set; }

    public string WillTopic { get; private set; } = null!;

    public string WillMessage { get; private set; } = null!;

    public MqttProtocolVersion ProtocolVersion { get; set; } = MqttProtocolVersion.Version_3_1_1;

    public MqttSettings Settings => MqttSettings.Instance;

    public void Init(string brokerHostName, int brokerPort, bool secure, byte[] caCert, byte[] clientCert, MqttSslProtocols sslProtocol)
    {
        incarnation.Enter();
        if (!IPAddress.TryParse(brokerHostName, out _)) incarnation.Stall(incarnation.Hardware.Costs.NameLookupMs);
        route = new BrokerRoute(brokerHostName, incarnation.Hardware.Network.Resolve(brokerHostName), brokerPort, secure, caCert, clientCert);
    }

    public MqttReasonCode Connect(string clientId) => Connect(clientId, null!, null!);

    public MqttReasonCode Connect(string clientId, bool cleanSession) => Connect(clientId, null!, null!, cleanSession, KeepAliveDefaultS);

    public MqttReasonCode Connect(string clientId, string username, string password) => Connect(clientId, username, password, true, KeepAliveDefaultS);

    public MqttReasonCode Connect(string clientId, string username, string password, bool cleanSession, ushort keepAlivePeriod) =>
        Connect(clientId, username, password, false, MqttQoSLevel.AtMostOnce, false, null!, null!, cleanSession, keepAlivePeriod);

    public MqttReasonCode Connect(string clientId, string username, string password, bool willRetain, MqttQoSLevel willQosLevel, bool willFlag, string willTopic, string willMessage, bool cleanSession, ushort keepAlivePeriod)
    {
        incarnation.Enter();
        var opened = ClientConnection.Open(incarnation, route, Dispatch);
        connection = opened;
        var code = opened.Handshake(ClientConnection.ConnectPacketOf(clientId, username, password, willRetain, willQosLevel, willFlag, willTopic, willMessage, cleanSession, keepAlivePeriod));
        if (code != MqttReasonCode.Success) return code;
        ClientId = clientId;
        CleanSession = cleanSession;
        WillFlag = willFlag;
        WillQosLevel = willQosLevel;
        WillTopic = willTopic;
        WillMessage = willMessage;
        opened.Run(keepAlivePeriod * 1000);
        return code;
    }

    public void Disconnect()
    {
        incarnation.Enter();
        connection?.SayGoodbye();
    }

    public void Close()
    {
        incarnation.Enter();
        connection?.Close();
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    public ushort Subscribe(string[] topics, MqttQoSLevel[] qosLevels)
    {
        if (topics is null || topics.Length == 0) throw new MqttClientException(MqttClientErrorCode.TopicsEmpty);
        if (qosLevels is null || qosLevels.Length == 0) throw new MqttClientException(MqttClientErrorCode.QosLevelsEmpty);
        if (topics.Length != qosLevels.Length) throw new MqttClientException(MqttClientErrorCode.TopicsQosLevelsNotMatch);
        return Enqueue(InflightMessage.Subscribe(NextId(), topics, qosLevels));
    }

    public ushort Unsubscribe(string[] topics)
    {
        if (topics is null || topics.Length == 0) throw new MqttClientException(MqttClientErrorCode.TopicsEmpty);
        return Enqueue(InflightMessage.Unsubscribe(NextId(), topics));
    }

    public ushort Publish(string topic, byte[] message) => Publish(topic, message, null!, null!, MqttQoSLevel.AtMostOnce, false);

    public ushort Publish(string topic, byte[] message, string contentType) => Publish(topic, message, contentType, null!, MqttQoSLevel.AtMostOnce, false);

    public ushort Publish(string topic, byte[] message, string contentType, ArrayList userProperties) => Publish(topic, message, contentType, userProperties, MqttQoSLevel.AtMostOnce, false);

    public ushort Publish(string topic, byte[] message, string contentType, ArrayList userProperties, MqttQoSLevel qosLevel, bool retain)
    {
        if (!string.IsNullOrEmpty(contentType) || userProperties is { Count: > 0 }) throw new NotSupportedException("Content types and user properties are of MQTT 5.");
        if (qosLevel > MqttQoSLevel.AtLeastOnce) throw new NotSupportedException("QoS 2 is not modelled.");
        if (topic.IndexOfAny(['#', '+']) >= 0) throw new MqttClientException(MqttClientErrorCode.TopicWildcard);
        return Enqueue(InflightMessage.Publish(NextId(), topic, message, qosLevel, retain));
    }

    const ushort KeepAliveDefaultS = 60;

    ushort NextId()
    {
        incarnation.Enter();
        lock (idGate) return lastMessageId = lastMessageId == ushort.MaxValue ? (ushort)1 : (ushort)(lastMessageId + 1);
    }

    ushort Enqueue(InflightMessage message)
    {
        if (connection is { } open && !open.Enqueue(message)) throw new MqttClientException(MqttClientErrorCode.InflightQueueFull);
        return message.Id;
    }

    void Dispatch(EventArgs e)
    {
        switch (e)
        {
            case MqttMsgPublishEventArgs received: MqttMsgPublishReceived?.Invoke(this, received); break;
            case MqttMsgPublishedEventArgs published: MqttMsgPublished?.Invoke(this, published); break;
            case MqttMsgSubscribedEventArgs subscribed: MqttMsgSubscribed?.Invoke(this, subscribed); break;
            case MqttMsgUnsubscribedEventArgs unsubscribed: MqttMsgUnsubscribed?.Invoke(this, unsubscribed); break;
            default: ConnectionClosed?.Invoke(this, EventArgs.Empty); break;
        }
    }
}
