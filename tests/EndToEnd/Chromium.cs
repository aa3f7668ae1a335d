using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>A headless Chromium of the system. Skips the test by name where there is none.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <param name="soundIsFree">False: as browsers are by default, a page is silent until a hand touched it.</param>
    public static async Task<Chromium> StartAsync(bool soundIsFree = true)
    {
        var place = Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(place is null, "No Chromium here: apt-get install chromium (or install Chrome or Edge)");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = place,
            Headless = true,
            // The first two: a container's root cannot use the sandbox. The others: no connection leaves this machine. The last: whether sound may start without a click.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", soundIsFree ? "--autoplay-policy=no-user-gesture-required" : "--autoplay-policy=document-user-activation-required"],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A fresh profile: nobody is signed in.</summary>
    public Task<IBrowserContext> Context(string language = "en", int width = 1366, int height = 768, bool ignorePolicy = false) => browser.NewContextAsync(new BrowserNewContextOptions
    {
        Locale = language,
        // For axe-core alone, which is a foreign script in the page.
        BypassCSP = ignorePolicy,
        ViewportSize = new ViewportSize { Width = width, Height = height },
    });

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
