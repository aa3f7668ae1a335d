using Gateway.Hub.Accounts;
using Gateway.Hub.Api;
using Gateway.Hub.Audit;
using Gateway.Hub.Console.Map;
using Gateway.Hub.Console.Room;
using Gateway.Hub.Fleet;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub.Console;

/// <summary>What the console, the API and the accounts need from the container.</summary>
public static class ConsoleServices
{
    /// <summary>Sub-folder of the data folder for the keys that sign cookies: a restart signs nobody out. Readable by the hub's user only, like the data folder.</summary>
    private const string CookieKeyFolder = "cookie-keys";

    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddRazorComponents();
        services.AddScoped<PageContext>();
        services.AddTransient<RoomView>();
        services.AddSingleton<RoomFeed>();
        services.AddSingleton<MapLayouts>();
        services.AddSingleton(ReadLanguages);
        services.AddScoped(provider => ConsoleClock.Of(provider.GetRequiredService<HubView>().Leading));
        services.AddSingleton(provider => new AccountStore(
            provider.GetRequiredService<HubService>().Database.Connect, provider.GetRequiredService<HubService>().Vault, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new TokenStore(provider.GetRequiredService<HubService>().Database.Connect));
        services.AddSingleton(provider => new SessionStore(provider.GetRequiredService<HubService>().Database.Connect, provider.GetRequiredService<TimeProvider>()));
        services.AddAccountUsers();
        services.AddSingleton(provider => new AccountService(
            provider.GetRequiredService<AccountUsers>(), provider.GetRequiredService<AccountStore>(), provider.GetRequiredService<HubService>().AuditAsync,
            // A demo is for trying: there the second factor is offered, and not asked for.
            administratorsNeedSecondFactor: !provider.GetRequiredService<HubOptions>().AllowVirtualBoards));
        services.AddSingleton(provider => new TokenService(
            provider.GetRequiredService<TokenStore>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<HubService>().AuditAsync));
        services.AddSingleton<FleetService>();
        services.AddSingleton(provider => new Gateway.Hub.Field.FieldRoster(provider.GetRequiredService<HubService>().Database.Connect, provider.GetRequiredService<HubService>().AuditAsync));
        services.AddSingleton<Gateway.Hub.Field.FieldDesk>();
        services.AddSingleton<AuditService>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditService>());
        services.AddAccountAuthentication();
        // Named: by default the folder in which the hub was started is the name, and from another folder every session would be a stranger's.
        services.AddDataProtection().SetApplicationName("emergency-call-gateway");
        // It warns that these keys are not encrypted by a second key; like the database beside them, they are readable by the hub's user only.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddOptions<KeyManagementOptions>().Configure<HubOptions, ILoggerFactory>((keys, hub, logs) =>
            keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(Path.Combine(hub.DataFolder, CookieKeyFolder)), logs));
        services.AddApi();

        services.AddNavItem(new NavItem("/room", words => words["nav.room"], Rights.Read, 10, NavGroup.Front));
        services.AddNavItem(new NavItem("/field", words => words["nav.field"], Rights.Respond, 20, NavGroup.Front));
        services.AddNavItem(new NavItem("/incidents", words => words["nav.incidents"], Rights.Read, 10));
        services.AddNavItem(new NavItem("/duty", words => words["nav.duty"], Rights.Read, 15));
        services.AddNavItem(new NavItem("/patrol", words => words["nav.patrol"], Rights.Read, 20));
        services.AddNavItem(new NavItem("/visits", words => words["nav.visits"], Rights.Read, 30));
        services.AddNavItem(new NavItem("/warnings", words => words["nav.warnings"], Rights.Warnings, 40));
        services.AddNavItem(new NavItem("/reviews", words => words["nav.reviews"], Rights.Read, 50));
        services.AddNavItem(new NavItem("/daily", words => words["nav.daily"], Rights.Read, 60));
        services.AddNavItem(new NavItem("/handover", words => words["nav.handover"], Rights.Read, 70));
        services.AddNavItem(new NavItem("/statistics", words => words["nav.statistics"], Rights.Read, 80));
        services.AddNavItem(new NavItem("/gateways", words => words["nav.gateways"], Rights.Read, 10, NavGroup.Station));
        services.AddNavItem(new NavItem("/tests", words => words["nav.tests"], Rights.Read, 50, NavGroup.Station));
        services.AddNavItem(new NavItem("/account", words => words["nav.account"], null, 10, NavGroup.Own));
        services.AddNavItem(new NavItem("/audit", words => words["nav.audit"], Rights.Audit, 30, NavGroup.Administration));
        services.AddNavItem(new NavItem("/accounts", words => words["nav.accounts"], Rights.Administer, 10, NavGroup.Administration));
        services.AddNavItem(new NavItem("/phones", words => words["nav.phones"], Rights.Administer, 20, NavGroup.Administration));
        services.AddNavItem(new NavItem("/settings", words => words["nav.settings"], null, 80, NavGroup.Own));
        services.AddNavItem(new NavItem("/help", words => words["nav.help"], null, 90, NavGroup.Own));
        return services;
    }

    private static Languages ReadLanguages(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<HubOptions>();
        var languages = Languages.Load(options.LanguagesFolder ?? Path.Combine(options.DataFolder, Languages.FolderName));
        var log = provider.GetRequiredService<ILogger<Languages>>();
        foreach (var file in languages.Files.Where(file => !file.IsWhole))
        {
            log.LogWarning(
                "Language file {File}: {Texts} texts used, {Missing} missing, {Unknown} unknown, {Wrong} wrong. {Fault}", file.Path, file.Texts, file.Missing.Count, file.Unknown.Count, file.Wrong.Count, file.Fault);
        }

        return languages;
    }

    /// <summary>Adds an entry to the navigation of every page.</summary>
    public static IServiceCollection AddNavItem(this IServiceCollection services, NavItem item) => services.AddSingleton(item);
}
