using System.Diagnostics;

namespace Gateway.Loads.Rivals;

/// <summary>Another MQTT server on this machine, to be measured by the same generator in the same run.</summary>
/// <param name="Name">As in the JSON.</param>
/// <param name="Promise">What its PUBACK means here.</param>
/// <param name="Program">Looked for in PATH and in <c>/usr/sbin</c>.</param>
/// <param name="Install">The command that installs it on Debian.</param>
/// <param name="Start">How to start it on a port of loopback with its data in a folder.</param>
/// <param name="KeepsFor">
/// The filter of a lasting session that is subscribed before the flood and absent during it: a durable server stores only what somebody is to get. Null for none.
/// </param>
/// <param name="After">What must be tidied up once it has been killed; null for nothing.</param>
internal sealed record Rival(
    string Name, string Promise, string Program, string Install, Func<string, string, int, ProcessStartInfo> Start, string? KeepsFor, Action<string>? After = null)
{
    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<Rival> All { get; } = [Mosquitto(), Nats(), RabbitMq()];

    /// <summary>Full path; null when it is not installed.</summary>
    public string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    private static Rival Mosquitto() => new(
        "mosquitto", "in memory; nothing is on the disk", "mosquitto", "apt-get install mosquitto",
        (program, folder, port) =>
        {
            var config = Path.Combine(folder, "mosquitto.conf");
            File.WriteAllText(config, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 0\nmax_queued_messages 0\nlog_type error\n");
            return With(program, "-c", config);
        },
        KeepsFor: null);

    private static Rival Nats() => new(
        "nats", "in a file stream of JetStream; the disk is synchronized every two minutes", "nats-server", "apt-get install nats-server",
        (program, folder, port) =>
        {
            var config = Path.Combine(folder, "nats.conf");
            File.WriteAllText(
                config,
                $"server_name: bench\nlisten: \"127.0.0.1:{LoopbackPort.Free()}\"\njetstream {{ store_dir: \"{folder}/jetstream\", max_mem: 1G, max_file: 20G }}\nmqtt {{ listen: \"127.0.0.1:{port}\", ack_wait: \"60s\" }}\n");
            return With(program, "-c", config);
        },
        KeepsFor: "gw/+/signal");

    private static Rival RabbitMq() => new(
        "rabbitmq", "in a durable queue, confirmed after the write to disk", "rabbitmq-server", "apt-get install rabbitmq-server",
        (program, folder, port) =>
        {
            var config = Path.Combine(folder, "rabbitmq.conf");
            File.WriteAllText(
                config,
                $"listeners.tcp.default = {LoopbackPort.Free()}\nmqtt.listeners.tcp.default = 127.0.0.1:{port}\nmqtt.allow_anonymous = true\nloopback_users = none\nlog.console = false\nlog.file.level = warning\nvm_memory_high_watermark.relative = 0.8\n");
            var plugins = Path.Combine(folder, "enabled_plugins");
            File.WriteAllText(plugins, "[rabbitmq_mqtt].");

            // Debian's wrapper would change to its own user and its own folders.
            const string unwrapped = "/usr/lib/rabbitmq/bin/rabbitmq-server";
            var start = With(File.Exists(unwrapped) ? unwrapped : program);
            foreach (var (name, value) in new Dictionary<string, string>
            {
                ["HOME"] = folder, ["RABBITMQ_CONFIG_FILE"] = config, ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins, ["RABBITMQ_MNESIA_BASE"] = folder,
                ["RABBITMQ_LOG_BASE"] = folder, ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"), ["RABBITMQ_NODENAME"] = "bench@localhost",
                ["RABBITMQ_DIST_PORT"] = $"{LoopbackPort.Free()}", ["ERL_EPMD_PORT"] = EpmdPort(folder), ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            })
            {
                start.Environment[name] = value;
            }

            return start;
        },
        KeepsFor: "gw/+/signal",
        After: folder =>
        {
            // The port mapper daemon that Erlang leaves behind, by its own port: no other one is touched.
            var stop = With("epmd", "-port", EpmdPort(folder), "-kill");
            using var process = Process.Start(stop);
            process?.WaitForExit(5_000);
        });

    /// <summary>One port for the life of a folder.</summary>
    private static string EpmdPort(string folder)
    {
        var file = Path.Combine(folder, "epmd.port");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, $"{LoopbackPort.Free()}");
        }

        return File.ReadAllText(file);
    }

    private static ProcessStartInfo With(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
}
