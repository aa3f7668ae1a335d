using System.CommandLine;
using Gateway.Cli.Commands;

// The command line is a table of contents: one file per command in Commands/.
var root = new RootCommand("Emergency-call gateway: hub, virtual boards, and the tools that prove them.")
{
    DemoCommand.Create(),
    MqttCommand.Create(),
    SoakCommand.Create(),
    ProveCommand.Create(),
    BenchCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
