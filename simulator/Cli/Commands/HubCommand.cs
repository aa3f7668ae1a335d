using System.CommandLine;
using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Audit;
using Gateway.Hub.Operation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Cli.Commands;

/// <summary><c>hub</c>, <c>backup</c>, <c>restore</c>: a production hub from its configuration file, and its data (simulator/Hub/README.md, "Runbook").</summary>
internal static class HubCommand
{
    public static Command Create()
    {
        var config = ConfigOption();
        var command = new Command("hub", "Run a production hub. No virtual board is taken.") { config };
        command.SetAction((parsed, cancellation) => GuardedAsync(() => RunAsync(parsed.GetValue(config)!, Console.Out, cancellation), Console.Error, cancellation));
        return command;
    }

    public static Command CreateBackup()
    {
        var config = ConfigOption();
        var to = new Option<string?>("--to") { Description = "Folder for the copy; by default that of the configuration's `backup`." };
        var key = new Option<string?>("--key-folder") { Description = "Also copy the key files, into this other folder." };
        var command = new Command("backup", "Copy the hub's database while it runs.") { config, to, key };
        command.SetAction(parsed => Guarded(
            () =>
            {
                var options = HubConfiguration.Load(parsed.GetValue(config)!);
                var folder = parsed.GetValue(to) ?? options.Backup?.Folder ?? throw new BackupException("The configuration has no `backup` section: say where to with --to.");
                var now = DateTimeOffset.UtcNow;
                Console.WriteLine(Backups.Make(options.DataFolder, Path.GetFullPath(folder), now));
                Backups.CopyHeads(options.AuditHeadsFolder ?? Path.Combine(options.DataFolder, HeadArchive.DefaultFolder), Path.GetFullPath(folder), now);
                if (parsed.GetValue(key) is { } keyFolder)
                {
                    Console.WriteLine(Backups.CopyKey(options.DataFolder, Path.GetFullPath(keyFolder)));
                }
            },
            Console.Error));
        return command;
    }

    public static Command CreateRestore()
    {
        var config = ConfigOption();
        var from = new Option<string?>("--from") { Description = "The backup; by default the newest of the configuration's `backup` folder." };
        var key = new Option<string?>("--key") { Description = "The key file that belongs to it; by default the one that is there is kept." };
        var command = new Command("restore", "Put a backup in the place of the database of a hub that does not run.") { config, from, key };
        command.SetAction(parsed => Guarded(
            () =>
            {
                var options = HubConfiguration.Load(parsed.GetValue(config)!);
                var backup = parsed.GetValue(from) ?? (options.Backup is { } backups ? Backups.Newest(backups.Folder) : null) ?? throw new BackupException("No backup was found: name one with --from.");
                var kept = Backups.Restore(options.DataFolder, Path.GetFullPath(backup), parsed.GetValue(key) is { } file ? Path.GetFullPath(file) : null, DateTimeOffset.UtcNow, options.AuditHeadsFolder);
                Console.WriteLine($"Restored {backup}.");
                Console.WriteLine(kept is null ? "There was no database before." : $"What was there is kept as {kept}.");
            },
            Console.Error));
        return command;
    }

    private static async Task<int> RunAsync(string file, TextWriter output, CancellationToken cancellation)
    {
        var options = HubConfiguration.Load(file);
        await using var app = HubHost.Build(options);
        var addresses = await HubHost.StartAsync(app, cancellation);
        var console = addresses.Console.GetLeftPart(UriPartial.Authority);
        await output.WriteLineAsync($"Console {console}");
        await output.WriteLineAsync($"MQTT    {addresses.MqttHost}:{addresses.MqttPort}{(options.Broker is null ? "" : " (a broker outside)")}");
        await output.WriteLineAsync($"Data    {options.DataFolder}");
        if (app.Services.GetRequiredService<AccountService>().CreateSetupKey() is { } key)
        {
            await output.WriteLineAsync($"First administrator: {console}/setup?key={key} (works once)");
        }

        await output.FlushAsync(cancellation);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static Option<string> ConfigOption() => new("--config") { Description = "The configuration file (simulator/Hub/Operation/hub.example.yaml).", Required = true };

    internal static int Guarded(Action act, TextWriter errors)
    {
        try
        {
            act();
            return 0;
        }
        catch (HubStartException e)
        {
            errors.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task<int> GuardedAsync(Func<Task<int>> act, TextWriter errors, CancellationToken cancellation)
    {
        try
        {
            return await act();
        }
        catch (HubStartException e)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Told to stop while it was still starting.
            return 0;
        }
    }
}
