using System.CommandLine;
using Gateway.Hub;
using Gateway.Hub.Audit;
using Gateway.Hub.Operation;

namespace Gateway.Cli.Commands;

/// <summary><c>verify</c>: the audit chain of a hub's data, by itself and against signed heads (I13).</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var data = new Argument<string?>("DATA") { Description = "The hub's data folder. The hub may be running.", Arity = ArgumentArity.ZeroOrOne };
        var config = new Option<string?>("--config") { Description = "In place of DATA: the hub's configuration file, which says where data and heads are." };
        var head = new Option<string?>("--head") { Description = "A file with heads (one per line), or a folder of them, that was kept elsewhere; by default those that the hub itself keeps." };
        var command = new Command("verify", "Check the audit chain of a hub: 0 it holds, 1 it was changed, 2 it cannot be checked.") { data, config, head };
        command.SetAction(parsed => Run(parsed.GetValue(data), parsed.GetValue(config), parsed.GetValue(head), Console.Out));
        return command;
    }

    private static int Run(string? data, string? config, string? head, TextWriter output)
    {
        if ((data is null) == (config is null))
        {
            output.WriteLine("Say either the hub's data folder or --config with its configuration file.");
            return AuditVerification.Unusable;
        }

        try
        {
            var options = config is null ? null : HubConfiguration.Load(config);
            return AuditVerification.Run(data ?? options!.DataFolder, head, output, options?.AuditHeadsFolder);
        }
        catch (ConfigurationException e)
        {
            output.WriteLine(e.Message);
            return AuditVerification.Unusable;
        }
    }
}
