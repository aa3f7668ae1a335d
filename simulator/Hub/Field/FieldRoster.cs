using Dapper;
using Gateway.Hub.Accounts;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Field;

/// <summary>Which account is which responder. One responder may have several accounts (a second phone); an account is one responder or none.</summary>
/// <param name="audit">Appends actor, kind, subject and content to the chain, and returns when that is committed (I13).</param>
public sealed class FieldRoster(Func<SqliteConnection> open, Func<string, string, string, string, Task> audit)
{
    /// <summary>The responder's id in the station file; null when the account is none.</summary>
    public string? ResponderOf(long accountId)
    {
        using var connection = open();
        return connection.QuerySingleOrDefault<string>("SELECT responder_id FROM field_responders WHERE account_id = @accountId", new { accountId });
    }

    /// <summary>At most one entry per account, and there are at most <see cref="AccountRules.AccountsMax"/> of those.</summary>
    public IReadOnlyDictionary<long, string> All()
    {
        using var connection = open();
        return connection.Query<(long Account, string Responder)>("SELECT account_id, responder_id FROM field_responders").ToDictionary(row => row.Account, row => row.Responder);
    }

    /// <summary>Null takes the duty from the account. The audit entry comes first: a power cut between the two leaves an entry without its change.</summary>
    public async Task SetAsync(Account account, string? responderId, string actor)
    {
        await audit(actor, "account.responder", $"account/{account.Name}", responderId ?? "");
        using var connection = open();
        if (responderId is null)
        {
            connection.Execute("DELETE FROM field_responders WHERE account_id = @Id", new { account.Id });
        }
        else
        {
            connection.Execute(
                "INSERT INTO field_responders (account_id, responder_id) VALUES (@Id, @responderId) ON CONFLICT (account_id) DO UPDATE SET responder_id = excluded.responder_id",
                new { account.Id, responderId });
        }
    }
}
