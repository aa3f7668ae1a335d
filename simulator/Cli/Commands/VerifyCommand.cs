using System.CommandLine;
using Gateway.Hub.Audit;

namespace Gateway.Cli.Commands;

/// <summary><c>verify</c>: the audit chain of a hub's data, by itself and against signed heads (I13).</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var data = new Argument<string>("DATA") { Description = "The hub's data folder. The hub may be running." };
        var head = new Option<string?>("--head") { Description = "A file with heads (one per line), or a folder of them, that was kept elsewhere; by default those in the data folder." };
        var command = new Command("verify", "Check the audit chain of a hub: 0 it holds, 1 it was changed, 2 it cannot be checked.") { data, head };
        command.SetAction(parsed => AuditVerification.Run(parsed.GetValue(data)!, parsed.GetValue(head), Console.Out));
        return command;
    }
}
