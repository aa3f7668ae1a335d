using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Gateway.Hub.Api;
using Gateway.Hub.Console;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Operation;
using Gateway.Hub.Stations;
using Gateway.Hub.Storage;
using Gateway.Hub.Webhooks;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Sockets;
using Gateway.Mqtt.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hub;

/// <summary>Where a started hub listens.</summary>
public sealed record HubAddresses(Uri Console, string MqttHost, int MqttPort);

/// <summary>Puts the hub together: store, writer, MQTT endpoint, console. The only place that knows all rooms.</summary>
public static class HubHost
{
    /// <summary>What Windows calls the hub's service.</summary>
    private const string ServiceName = "GatewayHub";

    /// <summary>Where the endpoint keeps sessions, in the data folder.</summary>
    internal const string SessionFile = "mqtt-sessions";

    /// <summary>Builds a hub that is not listening yet. <paramref name="services"/> and <paramref name="endpoints"/> add to it (a demo adds its boards).</summary>
    /// <exception cref="HubStartException">Data folder, data or station file forbid it; the message is one sentence for a person.</exception>
    public static WebApplication Build(HubOptions options, Action<IServiceCollection>? services = null, Action<WebApplication>? endpoints = null) =>
        Build(options, StationFiles.Load(options), services, endpoints);

    /// <summary>As above, with stations that are loaded already; what the files are is read from them all the same, if any are named.</summary>
    public static WebApplication Build(HubOptions options, StationBook stations, Action<IServiceCollection>? services = null, Action<WebApplication>? endpoints = null) =>
        Build(options, (stations, options.StationFile.Length > 0 ? StationFiles.Load(options).Sources : []), services, endpoints);

    private static WebApplication Build(
        HubOptions options, (StationBook Stations, ImmutableArray<StationSource> Sources) loaded, Action<IServiceCollection>? services, Action<WebApplication>? endpoints)
    {
        RefusePlainTcpOnNetwork(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole()
            // A start that fails is told in one sentence by whoever started the hub; the host would add a stack trace.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            // The keys that sign cookies lie in the data folder, which is its owner's alone, as the database does.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddRouting();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.TimeProvider);
        builder.Services.AddSingleton(new StationFiles(options, loaded.Sources));
        builder.Services.AddSingleton<HubConditions>(provider => new HubConditions(options.TimeProvider, provider.GetRequiredService<ILogger<HubConditions>>()));
        builder.Services.AddSingleton<HubService>(provider => HubService.Open(options, loaded.Stations, provider.GetRequiredService<ILogger<HubService>>()));
        if (options.Tls is { } tls)
        {
            builder.Services.AddSingleton(provider => new ServerCertificates(tls, provider.GetRequiredService<HubConditions>(), options.TimeProvider));
        }

        if (options.Telemetry is { } telemetry)
        {
            builder.Services.AddHostedService(_ => new Telemetry(telemetry));
        }

        AddEndpoint(builder.Services, options);
        builder.Services.AddHostedService<Housekeeping>();
        AddServiceManagers(builder.Services);
        builder.Services.AddHostedService(provider => new WebhookSender(
            provider.GetRequiredService<HubService>(), options.TimeProvider, provider.GetRequiredService<ILogger<WebhookSender>>()));
        builder.Services.AddConsole();
        services?.Invoke(builder.Services);

        var app = builder.Build();
        try
        {
            app.Services.GetRequiredService<HubService>();
            app.Services.GetService<ServerCertificates>();
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }

        AuditConditions(app.Services.GetRequiredService<HubConditions>(), app.Services.GetRequiredService<HubService>(), app.Services.GetRequiredService<ILogger<HubConditions>>());
        app.MapHealth();
        app.UseConsoleRefusals();
        app.MapApi();
        app.MapConsole();
        endpoints?.Invoke(app);
        return app;
    }

    /// <summary>
    /// A hub that systemd or Windows has started as a service tells it that it listens and that it stops, and stops when told to. Neither does anything elsewhere.
    /// </summary>
    private static void AddServiceManagers(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 })
        {
            // What AddSystemd does, but for whoever asks to be told (sd_notify(3)): it serves only a hub whose direct parent is systemd.
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>().AddSingleton<IHostLifetime, SystemdLifetime>();
        }

        services.AddWindowsService(service => service.ServiceName = ServiceName);
    }

    /// <summary>Starts listening.</summary>
    /// <exception cref="PortTakenException">A port is taken, or may not be opened.</exception>
    public static async Task<HubAddresses> StartAsync(WebApplication app, CancellationToken cancellation = default)
    {
        var options = app.Services.GetRequiredService<HubOptions>();
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException { InnerException: AddressInUseException } or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            throw new PortTakenException($"A port is taken by another program ({e.Message.TrimEnd('.')}); choose others for the console ({options.ConsolePort}) or MQTT ({options.MqttPort}).", e);
        }
        catch (SocketException e)
        {
            throw new PortTakenException($"The ports {options.ConsolePort} and {options.MqttPort} on {options.BindAddress} cannot be opened ({e.Message}).", e);
        }

        var addresses = AddressesOf(app);
        app.Services.GetRequiredService<HubService>().SetMqttAddress(addresses.MqttHost, addresses.MqttPort, AuthorityForBoards(app.Services, options));
        return addresses;
    }

    /// <summary>The addresses of a started hub; free ports are known by now.</summary>
    public static HubAddresses AddressesOf(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        var options = app.Services.GetRequiredService<HubOptions>();
        var console = options.PublicHost is { } host ? new UriBuilder(addresses[0]) { Host = host }.Uri : addresses[0];
        return options.Broker is { } broker
            ? new HubAddresses(console, broker.Host, broker.Port)
            : new HubAddresses(console, options.PublicHost ?? addresses[1].Host, addresses[1].Port);
    }

    /// <summary>What boards must trust: of the hub's own certificate, or of the broker's.</summary>
    private static Func<string?> AuthorityForBoards(IServiceProvider services, HubOptions options)
    {
        if (options.Broker is { } broker)
        {
            var pem = broker.AuthorityFile is { } file ? File.ReadAllText(file) : null;
            return () => pem;
        }

        var certificates = services.GetService<ServerCertificates>();
        return () => certificates?.AuthorityPem;
    }

    private static void RefusePlainTcpOnNetwork(HubOptions options)
    {
        if (options.AllowPlainTcpOnNetwork)
        {
            return;
        }

        if (options.Broker is { AuthorityFile: null } broker && broker.Host != "localhost" && !(IPAddress.TryParse(broker.Host, out var address) && IPAddress.IsLoopback(address)))
        {
            throw new ConfigurationException(
                $"Plain TCP to the broker {broker.Host} would show the hub's password to everybody on that network: name who signed its certificate (`authority`), or say `plainTcpOnNetwork: true`.");
        }

        if (options.Tls is not null)
        {
            return;
        }

        var open = new[] { options.BindAddress, options.MqttBindAddress }.FirstOrDefault(address => address is not null && !IPAddress.IsLoopback(address));
        if (open is not null)
        {
            throw new ConfigurationException(
                $"Plain TCP on {open} would let everybody on that network read and change what boards and people say: give the hub a certificate (`tls`), or say `plainTcpOnNetwork: true`.");
        }
    }

    private static void Listen(KestrelServerOptions kestrel, HubOptions options)
    {
        kestrel.AddServerHeader = false;
        var certificates = kestrel.ApplicationServices.GetService<ServerCertificates>();
        var bound = new ConsoleConnections(OpenFiles.Bound(ConsoleConnections.ConnectionsMax), ConsoleConnections.PerAddressMax);
        kestrel.Listen(options.BindAddress, options.ConsolePort, listen =>
        {
            listen.Use(bound.Around);
            certificates?.Use(listen, asksForClientCertificate: false);
        });
        if (options.Broker is null)
        {
            kestrel.ListenMqtt(
                options.MqttBindAddress ?? options.BindAddress, options.MqttPort, listen => certificates?.Use(listen, asksForClientCertificate: true));
        }
    }

    /// <summary>The way to the boards: the endpoint inside, or a broker outside.</summary>
    private static void AddEndpoint(IServiceCollection services, HubOptions options)
    {
        if (options.Broker is not null)
        {
            services.AddHostedService<BrokerClient>();
            return;
        }

        services.AddSingleton(options.MqttLimits);
        services.AddSingleton<ISessionStore>(new FileSessionStore(Path.Combine(options.DataFolder, SessionFile)));
        services.AddSingleton<IEndpointPolicy>(provider => provider.GetRequiredService<HubService>().EndpointPolicy());
        services.AddMqttEndpoint();

        // After the endpoint, so that at the stop it comes before it: the last word on `hub/status` needs the connections.
        services.AddHostedService<HubLifecycle>();
    }

    private static void AuditConditions(HubConditions conditions, HubService hub, ILogger log) => conditions.Changed += (condition, began) =>
        hub.AuditAsync("hub", began ? "hub.condition" : "hub.condition-over", "hub", condition.Name).ContinueWith(
            failed => log.LogWarning("{Condition} is not in the audit: {Error}", condition.Name, failed.Exception!.GetBaseException().Message),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>Gives the hub its broker at the start, and says goodbye at the stop.</summary>
    private sealed class HubLifecycle(HubService hub, MqttEndpoint endpoint) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            hub.Attach(
                message => endpoint.Publish(new ApplicationMessage(message.Topic, message.Payload, 1, message.Retain)),
                endpoint.Disconnect);
            return Task.CompletedTask;
        }

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            hub.SayOffline();
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
