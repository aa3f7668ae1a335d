using System.CommandLine;
using Gateway.Cli.Commands;

// The command line is a table of contents: one file per command in Commands/.
var root = new RootCommand("Emergency-call gateway: hub, virtual boards, and the tools that prove them.")
{
    DemoCommand.Create(),
    HubCommand.Create(),
    HubCommand.CreateBackup(),
    HubCommand.CreateRestore(),
    CertificateCommand.Create(),
    MqttCommand.Create(),
    RunCommand.Create(),
    SoakCommand.Create(),
    ProveCommand.Create(),
    VerifyCommand.Create(),
    BenchCommand.Create(),
    FleetCommand.Create(),
    ProxyCommand.Create(),
    StationCommand.Create(),
    ServiceCommand.Create(),
};

// A hub that is told to stop commits what waits, says goodbye and saves its sessions, and a proof judges what was done: more than the two seconds that a command
// gets by default.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(args is ["prove", ..] ? 300 : 30) });
