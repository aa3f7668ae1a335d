using System.Text.Json;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>What the browser tests have in common: coming in, opening pages that report their faults, and the API through a signed-in page.</summary>
internal static class Desk
{
    public const string Password = "quiet steppe at night";

    public static string ConsoleOf(DemoProcess demo) => demo.DemoFile().GetProperty("console").GetString()!;

    public static Task<IPage> SignUpAsync(IBrowserContext context, DemoProcess demo, List<string> faults) => SignUpAsync(context, new Uri(demo.SetupLink), faults);

    public static async Task<IPage> SignUpAsync(IBrowserContext context, Uri setupLink, List<string> faults)
    {
        var page = await OpenAsync(context, setupLink, faults);
        await page.Locator("#name").FillAsync("Operator 1");
        await page.Locator("#password").FillAsync(Password);
        await page.Locator("#again").FillAsync(Password);
        await page.Locator("button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/room");
        return page;
    }

    public static async Task<IPage> SignInAsync(IBrowserContext context, DemoProcess demo, string name, string lands, List<string> faults)
    {
        var page = await OpenAsync(context, demo, "/sign-in?back=" + lands, faults);
        await page.Locator("#name").FillAsync(name);
        await page.Locator("#password").FillAsync(Password);
        await page.Locator("button[type=submit]").ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == lands);
        return page;
    }

    public static Task<IPage> OpenAsync(IBrowserContext context, DemoProcess demo, string path, List<string> faults) => OpenAsync(context, new Uri(ConsoleOf(demo) + path), faults);

    public static async Task<IPage> OpenAsync(IBrowserContext context, Uri address, List<string> faults)
    {
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                faults.Add($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => faults.Add($"{page.Url}: {error}");
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>A change through the signed-in page's own cookie; fails with the hub's words when it is refused.</summary>
    public static async Task<JsonElement> ChangeAsync(IPage page, string method, string path, object body)
    {
        var answer = await page.EvaluateAsync<string>(
            """
            async ([method, path, body]) => {
              const answer = await fetch(path, { method, headers: { "Content-Type": "application/json", "X-Gateway-Console": "1" }, body });
              return JSON.stringify({ ok: answer.ok, text: await answer.text() });
            }
            """,
            new[] { method, path, JsonSerializer.Serialize(body) });
        var told = JsonDocument.Parse(answer).RootElement;
        var text = told.GetProperty("text").GetString()!;
        Assert.True(told.GetProperty("ok").GetBoolean(), $"{method} {path}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public static Task<JsonElement> MakeAccountAsync(IPage administrator, string name, params string[] roles) =>
        ChangeAsync(administrator, "POST", "/api/accounts", new { name, password = Password, roles });
}
