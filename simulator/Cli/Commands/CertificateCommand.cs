using System.CommandLine;
using Gateway.Hub.Operation;

namespace Gateway.Cli.Commands;

/// <summary><c>certificate</c>: an own authority for a station that has none, made and used offline.</summary>
internal static class CertificateCommand
{
    /// <summary>Two years and a quarter: longer is refused by some browsers.</summary>
    private const int ServerDays = 820;

    private const int DeviceDays = CertificateAuthority.CertificateDaysMax;

    public static Command Create() => new("certificate", "Make a certificate authority, and certificates for the hub and its boards, without any network.") { Authority(), Server(), Device() };

    private static Command Authority()
    {
        var folder = FolderOption();
        var name = new Option<string>("--name") { Description = "Name of the station, up to 64 characters.", Required = true };
        name.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 and <= 64 })
            {
                result.AddError("--name has 1 to 64 characters.");
            }
        });
        var command = new Command("authority", "Make ca.pem (for every board and browser) and ca.key (into a drawer).") { folder, name };
        command.SetAction(parsed => HubCommand.Guarded(
            () =>
            {
                CertificateAuthority.Create(parsed.GetValue(folder)!, parsed.GetValue(name)!, DateTimeOffset.UtcNow);
                Console.WriteLine($"{Path.Combine(parsed.GetValue(folder)!, CertificateAuthority.AuthorityFile)} is for every board and browser. Keep {CertificateAuthority.AuthorityKeyFile} away from the hub: who has it can pose as the hub.");
            },
            Console.Error));
        return command;
    }

    private static Command Server()
    {
        var folder = FolderOption();
        var hosts = new Option<string[]>("--host") { Description = "Name or address by which boards and browsers call the hub; may be given several times.", Required = true, Arity = new ArgumentArity(1, 16) };
        var days = NumberOption.Create("--days", "How long it is good.", 1, CertificateAuthority.CertificateDaysMax, () => ServerDays);
        var command = new Command("server", "Make server.pem and server.key for the hub.") { folder, hosts, days };
        command.SetAction(parsed => HubCommand.Guarded(
            () => Say(CertificateAuthority.IssueServer(parsed.GetValue(folder)!, parsed.GetValue(hosts)!, parsed.GetValue(days), DateTimeOffset.UtcNow)), Console.Error));
        return command;
    }

    private static Command Device()
    {
        var folder = FolderOption();
        var device = new Option<string>("--device") { Description = "Device id: 3 to 32 of a-z, 0-9 and hyphen.", Required = true };
        device.Validators.Add(static result =>
        {
            if (!Gateway.Hub.Ingest.Topics.IsDevice(result.GetValueOrDefault<string>() ?? ""))
            {
                result.AddError("--device is 3 to 32 of a-z, 0-9 and hyphen.");
            }
        });
        var days = NumberOption.Create("--days", "How long it is good.", 1, CertificateAuthority.CertificateDaysMax, () => DeviceDays);
        var command = new Command("device", "Make a board's own certificate and key.") { folder, device, days };
        command.SetAction(parsed => HubCommand.Guarded(
            () => Say(CertificateAuthority.IssueDevice(parsed.GetValue(folder)!, parsed.GetValue(device)!, parsed.GetValue(days), DateTimeOffset.UtcNow)), Console.Error));
        return command;
    }

    private static Option<string> FolderOption() => new("--folder") { Description = "Folder of the authority.", Required = true };

    private static void Say((string Certificate, string Key) files)
    {
        Console.WriteLine(files.Certificate);
        Console.WriteLine(files.Key);
    }
}
