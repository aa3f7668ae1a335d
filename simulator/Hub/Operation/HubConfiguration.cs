using System.Globalization;
using System.Net;
using Gateway.Hub.Stations;
using Gateway.Mqtt.Endpoint;
using YamlDotNet.Core;

namespace Gateway.Hub.Operation;

/// <summary>
/// Reads the configuration file of a production hub (hub.example.yaml shows every member). Strict: an unknown member, a wrong type or a value out of its
/// bounds is an error with its line; all are listed at once. Paths that are not absolute are relative to the file.
/// </summary>
public static class HubConfiguration
{
    public const int FileMaxBytes = 65_536;

    private const int PathCharsMax = 1_024;
    private const int HostCharsMax = 255;

    /// <exception cref="ConfigurationException">The file cannot be read or has errors; one line for each.</exception>
    public static HubOptions Load(string path)
    {
        var full = Path.GetFullPath(path);
        string text;
        try
        {
            if (new FileInfo(full).Length > FileMaxBytes)
            {
                throw new ConfigurationException($"{full} has more than {FileMaxBytes} bytes.");
            }

            text = File.ReadAllText(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The configuration file cannot be read ({e.Message.TrimEnd('.')}).", e);
        }

        return Read(text, Path.GetFileName(full), Path.GetDirectoryName(full)!);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="folder">What relative paths in it are relative to.</param>
    /// <inheritdoc cref="Load"/>
    public static HubOptions Read(string text, string file, string folder)
    {
        var errors = new List<StationFileError>();
        HubOptions? options = null;
        try
        {
            if (YamlObject.Parse(text, file, errors) is { } root)
            {
                options = Read(root, folder);
            }
        }
        catch (TooManyErrors)
        {
            // The list is as long as anybody reads.
        }
        catch (YamlException e)
        {
            errors.Add(new(file, (int)e.Start.Line, $"This is not YAML: {e.Message}"));
        }

        return errors.Count == 0 ? options! : throw new ConfigurationException(string.Join(Environment.NewLine, errors));
    }

    private static HubOptions Read(YamlObject root, string folder)
    {
        root.Integer("format", 1, 1);
        var console = root.Object("console");
        var mqtt = root.Object("mqtt", required: false);
        var broker = root.Object("broker", required: false);
        if ((mqtt is null) == (broker is null))
        {
            root.Offend(root.Line, "Exactly one of `mqtt` (the endpoint inside) and `broker` (one outside) is needed.");
        }

        var stations = StationPaths(root, folder);
        var consoleAddress = console is null ? IPAddress.Loopback : Address(console);
        var options = new HubOptions
        {
            DataFolder = PathOf(root, "data", folder) ?? "",
            StationFile = stations.Count > 0 ? stations[0] : "",
            OtherStationFiles = [.. stations.Skip(1)],
            PublicHost = root.Has("host") ? root.Text("host", HostCharsMax) : null,
            BindAddress = consoleAddress,
            ConsolePort = console?.Integer("port", 1, ushort.MaxValue) ?? 0,
            MqttBindAddress = mqtt is null ? null : Address(mqtt),
            MqttPort = mqtt?.Integer("port", 1, ushort.MaxValue) ?? 0,
            MqttLimits = ReadLimits(mqtt),
            Tls = ReadTls(root, mqtt, folder),
            Broker = broker is null ? null : ReadBroker(broker, folder),
            Backup = ReadBackup(root, folder),
            AuditHeadsFolder = PathOf(root, "auditHeads", folder, required: false),
            LanguagesFolder = PathOf(root, "languages", folder, required: false),
            AllowPlainTcpOnNetwork = root.Flag("plainTcpOnNetwork", false),
            WordsKeptDays = root.Integer("wordsKeptDays", 30, 36_500, Ingest.HubCore.WordsKeptDaysDefault),
            Telemetry = ReadTelemetry(root),
            DiskWarnBytes = root.Integer("diskWarnMegabytes", 16, 1_000_000, 1_024) * 1_048_576L,
        };
        console?.RefuseOthers();
        mqtt?.RefuseOthers();
        root.RefuseOthers();
        return options;
    }

    /// <summary>`station`: one file, or a folder of them. `stations`: a list of files.</summary>
    private static IReadOnlyList<string> StationPaths(YamlObject root, string folder)
    {
        if (root.Has("station") && root.Has("stations"))
        {
            root.Offend(root.Line, "One of `station` (a file, or a folder of files) and `stations` (a list of files) is enough.");
        }

        if (!root.Has("stations"))
        {
            return [PathOf(root, "station", folder) ?? ""];
        }

        return [.. root.Texts("stations", 1, StationBook.StationsMax, PathCharsMax).Select(path => Path.GetFullPath(path, folder))];
    }

    private static TlsOptions? ReadTls(YamlObject root, YamlObject? mqtt, string folder)
    {
        var asks = mqtt?.Has("clientCertificates") == true ? mqtt.Choice<ClientCertificates>("clientCertificates") : ClientCertificates.None;
        if (root.Object("tls", required: false) is not { } tls)
        {
            if (asks != ClientCertificates.None)
            {
                root.Offend(mqtt!.Line, "`clientCertificates` needs `tls`.");
            }

            return null;
        }

        var options = new TlsOptions
        {
            CertificateFile = PathOf(tls, "certificate", folder) ?? "",
            KeyFile = PathOf(tls, "key", folder) ?? "",
            AuthorityFile = PathOf(tls, "authority", folder, required: false),
            ClientAuthorityFile = PathOf(tls, "clientAuthority", folder, required: asks != ClientCertificates.None),
            ClientCertificates = asks,
        };
        tls.RefuseOthers();
        return options;
    }

    /// <summary>The bounds of the endpoint: each that is left out stays at its default.</summary>
    private static EndpointLimits ReadLimits(YamlObject? mqtt)
    {
        var limits = HubOptions.MqttLimitsDefault;
        if (mqtt?.Object("limits", required: false) is not { } members)
        {
            return limits;
        }

        foreach (var limit in LimitRange.All)
        {
            limits = limit.Set(limits, members.Integer(limit.Name, limit.Min, limit.Max, (int)limit.Get(limits)));
        }

        members.RefuseOthers();
        NotAbove("maxConnectPacketBytes", limits.MaxConnectPacketBytes, "maxPacketBytes", limits.MaxPacketBytes);
        NotAbove("maxAwaitingConnectPerAddress", limits.MaxAwaitingConnectPerAddress, "maxConnections", limits.MaxConnections);
        NotAbove("maxConnections", limits.MaxConnections, "maxSessions", limits.MaxSessions);
        NotAbove("maxQueuedBytesPerSession", limits.MaxQueuedBytesPerSession, "maxQueuedBytes", limits.MaxQueuedBytes);
        return limits;

        void NotAbove(string part, long value, string whole, long max)
        {
            if (value > max)
            {
                members.Offend(members.Line, string.Create(CultureInfo.InvariantCulture, $"`{part}` ({value}) must not be above `{whole}` ({max})."));
            }
        }
    }

    private static ExternalBrokerOptions ReadBroker(YamlObject broker, string folder)
    {
        var options = new ExternalBrokerOptions
        {
            Host = broker.Text("host", HostCharsMax),
            Port = broker.Integer("port", 1, ushort.MaxValue),
            ClientId = broker.Text("clientId", 64, "gateway-hub"),
            User = broker.Has("user") ? broker.Text("user", 128) : null,
            PasswordFile = PathOf(broker, "passwordFile", folder, required: false),
            AuthorityFile = PathOf(broker, "authority", folder, required: false),
        };
        broker.RefuseOthers();
        return options;
    }

    private static BackupOptions? ReadBackup(YamlObject root, string folder)
    {
        if (root.Object("backup", required: false) is not { } backup)
        {
            return null;
        }

        var options = new BackupOptions
        {
            Folder = PathOf(backup, "folder", folder) ?? "",
            EveryHours = backup.Integer("everyHours", 1, 168, 24),
            Keep = backup.Integer("keep", 1, 1_000, 14),
        };
        backup.RefuseOthers();
        return options;
    }

    private static TelemetryOptions? ReadTelemetry(YamlObject root)
    {
        if (root.Object("telemetry", required: false) is not { } telemetry)
        {
            return null;
        }

        var text = telemetry.Text("endpoint", PathCharsMax);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            telemetry.Offend(telemetry.Line, $"`endpoint: {text}` must be an address such as http://10.20.0.7:4318/v1/metrics.");
            endpoint = new Uri("http://127.0.0.1/");
        }

        var options = new TelemetryOptions { Endpoint = endpoint, EveryS = telemetry.Integer("everyS", 1, 3_600, 60) };
        telemetry.RefuseOthers();
        return options;
    }

    private static IPAddress Address(YamlObject from)
    {
        var text = from.Text("address", 64, "127.0.0.1");
        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        from.Offend(from.Line, $"`address: {text}` is no IP address; 0.0.0.0 is all of IPv4.");
        return IPAddress.Loopback;
    }

    private static string? PathOf(YamlObject from, string name, string folder, bool required = true)
    {
        var path = required || from.Has(name) ? from.Text(name, PathCharsMax) : "";
        return path.Length == 0 ? null : Path.GetFullPath(path, folder);
    }
}
