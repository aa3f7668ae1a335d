/* Eclipse Paho for C against an endpoint: ./paho_c PORT TLS_PORT CA_FILE. Prints `NAME ok` for each thing that went as it should.
   Build: cc paho_c.c -o paho_c -lpaho-mqtt3cs */
#include <MQTTClient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 30000

static const char *port, *tls_port, *ca_file;

static void fail(const char *what, int code)
{
    printf("%s wrong: code %d\n", what, code);
    exit(1);
}

/* Connects; returns the session-present flag in *present if asked. */
static MQTTClient dial(const char *id, int clean, MQTTClient_willOptions *will, const char *ca, int *present)
{
    char uri[64];
    snprintf(uri, sizeof uri, "%s://127.0.0.1:%s", ca ? "ssl" : "tcp", ca ? tls_port : port);
    MQTTClient client;
    MQTTClient_create(&client, uri, id, MQTTCLIENT_PERSISTENCE_NONE, NULL);
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    MQTTClient_SSLOptions ssl = MQTTClient_SSLOptions_initializer;
    ssl.trustStore = ca;
    ssl.verify = 1;
    options.cleansession = clean;
    options.will = will;
    options.ssl = ca ? &ssl : NULL;
    options.MQTTVersion = MQTTVERSION_3_1_1;
    options.reliable = 0;
    options.maxInflightMessages = 500;
    int code = MQTTClient_connect(client, &options);
    if (code != MQTTCLIENT_SUCCESS) fail(id, code);
    if (present) *present = options.returned.sessionPresent;
    return client;
}

static void subscribe(MQTTClient client, const char *filter, int qos)
{
    int code = MQTTClient_subscribe(client, filter, qos);
    if (code != MQTTCLIENT_SUCCESS) fail(filter, code);
}

static void publish(MQTTClient client, const char *topic, const char *text, int qos, int retain)
{
    MQTTClient_deliveryToken token;
    int code = MQTTClient_publish(client, topic, (int)strlen(text), text, qos, retain, &token);
    if (code == MQTTCLIENT_SUCCESS) code = MQTTClient_waitForCompletion(client, token, PATIENCE_MS);
    if (code != MQTTCLIENT_SUCCESS) fail(topic, code);
}

/* The next message, as "topic text qos retain". */
static int next_is(MQTTClient client, const char *topic, const char *text, int qos, int retain)
{
    char *got_topic = NULL;
    int topic_length;
    MQTTClient_message *message = NULL;
    MQTTClient_receive(client, &got_topic, &topic_length, &message, PATIENCE_MS);
    if (!message) { printf("nothing came instead of %s\n", text); return 0; }
    int same = strcmp(got_topic, topic) == 0 && message->payloadlen == (int)strlen(text) && memcmp(message->payload, text, strlen(text)) == 0
        && message->qos == qos && message->retained == retain;
    if (!same) printf("%s %.*s %d %d instead of %s %s %d %d\n", got_topic, message->payloadlen, (char *)message->payload, message->qos, message->retained, topic, text, qos, retain);
    MQTTClient_freeMessage(&message);
    MQTTClient_free(got_topic);
    return same;
}

static void check(const char *name, int right)
{
    printf(right ? "%s ok\n" : "%s wrong\n", name);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    port = argv[1], tls_port = argv[2], ca_file = argv[3];

    /* Another process, so that the connection ends without DISCONNECT; made first, before the library has threads. */
    int go[2];
    if (pipe(go)) return 2;
    pid_t child = fork();
    if (child == 0) {
        char byte;
        if (read(go[0], &byte, 1) != 1) _exit(2);
        MQTTClient_willOptions will = MQTTClient_willOptions_initializer;
        will.topicName = "w/1", will.message = "died", will.qos = 1;
        dial("dying", 1, &will, NULL, NULL);
        _exit(0);
    }

    MQTTClient main_client = dial("main", 1, NULL, NULL, NULL);
    subscribe(main_client, "q/#", 2);
    int right = 1;
    for (int qos = 0; qos <= 2; qos++) {
        publish(main_client, "q/1", "text", qos, 0);
        right &= next_is(main_client, "q/1", "text", qos, 0);
    }
    check("qos", right);

    publish(main_client, "r/1", "kept", 1, 1);
    MQTTClient reader = dial("reader", 1, NULL, NULL, NULL);
    subscribe(reader, "r/#", 1);
    right = next_is(reader, "r/1", "kept", 1, 1);
    publish(main_client, "r/1", "", 1, 1);
    right &= next_is(reader, "r/1", "", 1, 0);
    MQTTClient late = dial("late", 1, NULL, NULL, NULL);
    subscribe(late, "r/#", 1);
    publish(main_client, "r/2", "marker", 1, 0);
    check("retained", right && next_is(late, "r/2", "marker", 1, 0));

    subscribe(main_client, "w/#", 1);
    if (write(go[1], "g", 1) != 1) return 2;
    waitpid(child, NULL, 0);
    check("will", next_is(main_client, "w/1", "died", 1, 0));

    MQTTClient same = dial("same", 1, NULL, NULL, NULL);
    MQTTClient other = dial("same", 1, NULL, NULL, NULL);
    for (int i = 0; i < 300 && MQTTClient_isConnected(same); i++) MQTTClient_yield();
    check("takeover", !MQTTClient_isConnected(same) && MQTTClient_isConnected(other));

    int before, after;
    MQTTClient kept = dial("kept", 0, NULL, NULL, &before);
    subscribe(kept, "s/1", 1);
    MQTTClient_disconnect(kept, 1000);
    publish(main_client, "s/1", "missed", 1, 0);
    MQTTClient again = dial("kept", 0, NULL, NULL, &after);
    check("session", before == 0 && after == 1 && next_is(again, "s/1", "missed", 1, 0));

    int granted[2] = {1, 2};
    char *filters[2] = {"o/#", "o/+"};
    MQTTClient_subscribeMany(main_client, 2, filters, granted);
    publish(main_client, "o/1", "once", 2, 0);
    publish(main_client, "o/1", "marker", 2, 0);
    right = next_is(main_client, "o/1", "once", 2, 0);
    check("overlap", right && next_is(main_client, "o/1", "marker", 2, 0));

    subscribe(main_client, "b/#", 2);
    right = 1;
    char text[16];
    for (int i = 0; i < 500; i++) {
        snprintf(text, sizeof text, "%d", i);
        if (MQTTClient_publish(other, "b/1", (int)strlen(text), text, 2, 0, NULL) != MQTTCLIENT_SUCCESS) fail("burst", i);
    }
    for (int i = 0; i < 500; i++) {
        snprintf(text, sizeof text, "%d", i);
        right &= next_is(main_client, "b/1", text, 2, 0);
    }
    check("burst", right);

    MQTTClient secure = dial("secure", 1, NULL, ca_file, NULL);
    subscribe(secure, "t/#", 2);
    char *large = malloc(100001);
    memset(large, 'x', 100000);
    large[100000] = 0;
    publish(secure, "t/1", large, 2, 0);
    check("tls", next_is(secure, "t/1", large, 2, 0));
    return 0;
}
