using System.Globalization;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Hub.Console;

/// <summary>What every page knows of its request: language, theme, who looks, and the one moment at which the page is true. Inject it as <c>Page</c>.</summary>
public sealed class PageContext
{
    public const string LanguageCookie = "language";
    public const string ThemeCookie = "theme";
    public const string ScreenCookie = "screen";
    private const int WishesMax = 8;

    public PageContext(IHttpContextAccessor accessor, TimeProvider time, ConsoleClock clock, Languages languages)
    {
        var context = accessor.HttpContext ?? throw new InvalidOperationException("A page is rendered for a request.");
        var wishes = context.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(wish => wish.Quality ?? 1).Take(WishesMax).Select(wish => wish.Value.ToString());
        W = languages.For(context.Request.Cookies[LanguageCookie], wishes);
        Theme = context.Request.Cookies[ThemeCookie] == "day" ? "day" : "dark";
        Screen = context.Request.Cookies[ScreenCookie] == "wall" ? "wall" : "desk";
        User = context.User;
        Path = context.Request.Path;
        Now = time.GetUtcNow();
        Zone = clock.Zone;
    }

    /// <summary>The words of the reader's language.</summary>
    public Words W { get; }

    /// <summary><c>dark</c> or <c>day</c>.</summary>
    public string Theme { get; }

    /// <summary><c>desk</c>, or <c>wall</c> for one that is read from 4 m.</summary>
    public string Screen { get; }

    public ClaimsPrincipal User { get; }

    public string Path { get; }

    public DateTimeOffset Now { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>The zone's difference to UTC: "UTC+08:00".</summary>
    public string ZoneName => Zone.GetUtcOffset(Now) is var offset && offset < TimeSpan.Zero ? $"UTC-{offset:hh\\:mm}" : $"UTC+{Zone.GetUtcOffset(Now):hh\\:mm}";

    public bool SignedIn => User.Identity?.IsAuthenticated == true;

    public bool May(string right) => User.HasRight(right);

    /// <summary>A moment on the station's clock: the time alone for today, with the date before it for any other day.</summary>
    public string Clock(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone);
        var today = TimeZoneInfo.ConvertTime(Now, Zone).Date;
        return local.ToString(local.Date == today ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>The date of a moment that <see cref="Clock"/> shows without one; null for any other day.</summary>
    public string? DateOfToday(DateTimeOffset at)
    {
        var date = TimeZoneInfo.ConvertTime(at, Zone).Date;
        return date == TimeZoneInfo.ConvertTime(Now, Zone).Date ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>"3 s ago", in the reader's language; <c>clocks.js</c> keeps it running with the same words.</summary>
    public string Ago(DateTimeOffset at)
    {
        var seconds = Math.Max(0, (long)(Now - at).TotalSeconds);
        return seconds switch
        {
            < 60 => W["js.ago.seconds", seconds],
            < 3_600 => W["js.ago.minutes", seconds / 60, seconds % 60],
            < 86_400 => W["js.ago.hours", seconds / 3_600, seconds / 60 % 60],
            _ => W["js.ago.days", seconds / 86_400, seconds / 3_600 % 24],
        };
    }

    /// <summary>"0:42", "12:05", "3:04:05", and from two days on "6 d 3 h": a running length of time; <c>clocks.js</c> says the same.</summary>
    public string Length(TimeSpan length)
    {
        var seconds = Math.Max(0, (long)length.TotalSeconds);
        return seconds switch
        {
            < 3_600 => $"{seconds / 60}:{seconds % 60:00}",
            < 2 * 86_400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600}:{seconds / 60 % 60:00}:{seconds % 60:00}"),
            _ => W["js.length.days", seconds / 86_400, seconds / 3_600 % 24],
        };
    }
}

/// <summary>The zone in which the console shows wall-clock times: the station's, wherever the hub's machine thinks that it stands.</summary>
public sealed record ConsoleClock(TimeZoneInfo Zone)
{
    public static ConsoleClock Of(Stations.Station station) => new(TimeZoneInfo.CreateCustomTimeZone("station", station.UtcOffset, "station", "station"));
}
