using System.Security.Cryptography;
using Gateway.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Accounts;

/// <summary>A browser that is signed in.</summary>
/// <param name="Id">Random; in the cookie, which is signed and encrypted.</param>
/// <param name="Browser">What the browser says it is, shortened: so that its owner knows it again.</param>
public sealed record Session(string Id, long AccountId, DateTimeOffset OpenedAt, DateTimeOffset SeenAt, string Browser);

/// <summary>The open sessions: a cookie whose session is not here is worth nothing.</summary>
public sealed class SessionStore(Func<SqliteConnection> open, TimeProvider time)
{
    /// <summary>Per account; the one that was longest unseen ends for a new one.</summary>
    public const int SessionsMax = 20;

    private const int BrowserCharsMax = 120;

    /// <summary>How exact "last seen" is: a page's every request must not write.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    public Session Open(Account account, string? browser)
    {
        var now = time.GetUtcNow();
        var session = new Session(RandomNumberGenerator.GetHexString(32, lowercase: true), account.Id, now, now, Shorten(browser));
        using var connection = open();
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute(
            "INSERT INTO sessions (id, account_id, opened_ms, seen_ms, browser) VALUES ($1, $2, $3, $3, $4)", session.Id, account.Id, now.ToUnixTimeMilliseconds(), session.Browser);
        connection.Execute(
            "DELETE FROM sessions WHERE account_id = $1 AND id NOT IN (SELECT id FROM sessions WHERE account_id = $1 ORDER BY seen_ms DESC, opened_ms DESC LIMIT $2)",
            account.Id, (long)SessionsMax);
        transaction.Commit();
        return session;
    }

    /// <summary>The session, while it is open; notes that it was seen.</summary>
    public Session? Find(string id)
    {
        using var connection = open();
        var session = connection.Rows("SELECT id, account_id, opened_ms, seen_ms, browser FROM sessions WHERE id = $1", Read, id).FirstOrDefault();
        if (session is not null && time.GetUtcNow() - session.SeenAt >= SeenEvery)
        {
            connection.Execute("UPDATE sessions SET seen_ms = $1 WHERE id = $2", time.GetUtcNow().ToUnixTimeMilliseconds(), id);
        }

        return session;
    }

    public IReadOnlyList<Session> Of(long accountId)
    {
        using var connection = open();
        return connection.Rows("SELECT id, account_id, opened_ms, seen_ms, browser FROM sessions WHERE account_id = $1 ORDER BY seen_ms DESC", Read, accountId);
    }

    /// <summary>Ends one session of this account; false when it has none of that id.</summary>
    public bool End(long accountId, string id)
    {
        using var connection = open();
        return connection.Scalar("DELETE FROM sessions WHERE id = $1 AND account_id = $2 RETURNING 1", id, accountId) == 1;
    }

    public void EndAll(long accountId, string? except = null)
    {
        using var connection = open();
        connection.Execute("DELETE FROM sessions WHERE account_id = $1 AND id IS NOT $2", accountId, except);
    }

    private static Session Read(SqliteDataReader r) => new(r.GetString(0), r.GetInt64(1), r.Time(2), r.Time(3), r.GetString(4));

    private static string Shorten(string? browser)
    {
        var visible = new string([.. (browser ?? "").Where(c => c is >= ' ' and <= '~')]);
        return visible.Length <= BrowserCharsMax ? visible : visible[..BrowserCharsMax];
    }
}
