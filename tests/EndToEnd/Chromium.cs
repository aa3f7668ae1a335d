using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>A headless Chromium of the system, started with the first test that asks; its tests share it, each with profiles of its own. Its events come
/// in the context of the test that started it: <c>TestContext.Current</c> is another one's there. Skips the test by name where there is none.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public static string? Place => Places.FirstOrDefault(File.Exists);

    /// <summary>The one that all tests share.</summary>
    public static async Task<Chromium> SharedAsync()
    {
        var chromium = (await TestContext.Current.GetFixture<Chromium>())!;
        await chromium.StartAsync(soundIsFree: true);
        return chromium;
    }

    /// <param name="soundIsFree">False: as browsers are by default, a page is silent until a hand touched it.</param>
    public static async Task<Chromium> OwnAsync(bool soundIsFree = true)
    {
        var chromium = new Chromium();
        await chromium.StartAsync(soundIsFree);
        return chromium;
    }

    /// <summary>A fresh profile: nobody is signed in.</summary>
    public async Task<IBrowserContext> Context(string language = "en", int width = 1366, int height = 768, bool ignorePolicy = false)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = language,
            // For axe-core alone, which is a foreign script in the page.
            BypassCSP = ignorePolicy,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        starting.Dispose();
    }

    private async Task StartAsync(bool soundIsFree)
    {
        Assert.SkipWhen(Place is null, "No Chromium here: apt-get install chromium (or install Chrome or Edge)");
        await starting.WaitAsync();
        try
        {
            Assertions.SetDefaultExpectTimeout((float)Eventually.Patience.TotalMilliseconds);
            playwright ??= await Playwright.CreateAsync();
            if (browser is { IsConnected: true })
            {
                return;
            }

            browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Place,
                Headless = true,
                // The first two: a container's root cannot use the sandbox. The others: no connection leaves this machine. The last: whether sound may start without a click.
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", soundIsFree ? "--autoplay-policy=no-user-gesture-required" : "--autoplay-policy=document-user-activation-required"],
            });
        }
        finally
        {
            starting.Release();
        }
    }
}
