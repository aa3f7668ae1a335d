using Gateway.Hub.Accounts;
using Gateway.Hub.Storage;

namespace Gateway.Hub.Tests.Accounts;

public sealed class AccountServiceTests : IDisposable
{
    private const string Password = "quiet steppe morning";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-accounts-");
    private readonly HubDatabase database;
    private readonly SetTime time = new();
    private readonly AccountService accounts;
    private readonly List<string> audited = [];

    public AccountServiceTests()
    {
        database = HubDatabase.Open(folder.FullName);
        accounts = new AccountService(new AccountStore(database.Connect), time, Audit);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_fresh_hub_has_no_account_and_no_name_that_signs_in()
    {
        Assert.True(accounts.NeedsSetup);
        foreach (var (name, password) in new[] { ("admin", "admin"), ("", ""), ("root", ""), ("operator", "operator") })
        {
            Assert.Equal("sign-in-refused", accounts.SignIn(name, password).Refusal);
        }
    }

    [Fact]
    public void The_setup_key_makes_one_account_and_is_spent()
    {
        var key = accounts.CreateSetupKey();
        var first = accounts.SetUp(key, "Desk 1", Password);
        Assert.True(first.Done, first.Text);
        Assert.Contains(Roles.Administrator, first.Account!.Roles);

        Assert.Equal("setup-key", accounts.SetUp(key, "Desk 2", Password).Refusal);
        Assert.False(accounts.IsSetupKey(key));
        Assert.Null(accounts.CreateSetupKey());
        Assert.Equal("Desk 1", Assert.Single(accounts.List()).Name);
    }

    [Fact]
    public void Only_the_newest_setup_key_works_and_a_refused_password_does_not_spend_it()
    {
        var old = accounts.CreateSetupKey();
        var newest = accounts.CreateSetupKey();
        Assert.False(accounts.IsSetupKey(old));
        Assert.Equal("password-length", accounts.SetUp(newest, "Desk 1", "short").Refusal);
        Assert.True(accounts.SetUp(newest, "Desk 1", Password).Done);
    }

    [Fact]
    public void Five_wrong_passwords_lock_the_account_for_five_minutes_even_for_the_right_one()
    {
        SetUpFirst();
        for (var attempt = 1; attempt <= AccountRules.FailuresMax; attempt++)
        {
            Assert.Equal("sign-in-refused", accounts.SignIn("Desk 1", "wrong password").Refusal);
        }

        Assert.Equal("account-locked", accounts.SignIn("Desk 1", Password).Refusal);
        time.Advance(AccountRules.LockOut - TimeSpan.FromSeconds(1));
        Assert.Equal("account-locked", accounts.SignIn("Desk 1", Password).Refusal);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(accounts.SignIn("desk 1 ", Password).Done);
    }

    [Fact]
    public void A_right_password_forgets_the_wrong_ones_before_it()
    {
        SetUpFirst();
        for (var round = 0; round < 3; round++)
        {
            for (var attempt = 1; attempt < AccountRules.FailuresMax; attempt++)
            {
                accounts.SignIn("Desk 1", "wrong password");
            }

            Assert.True(accounts.SignIn("Desk 1", Password).Done);
        }
    }

    [Fact]
    public void Disabling_ends_open_sessions_and_the_last_administrator_stays()
    {
        var first = SetUpFirst();
        Assert.Equal("last-administrator", accounts.SetDisabled(first.Id, true, "test").Refusal);

        var second = accounts.Create("Desk 2", Password, [Roles.Operator], "test").Account!;
        Assert.NotNull(accounts.FindValid(second.Id, second.Stamp));
        Assert.True(accounts.SetDisabled(second.Id, true, "test").Done);
        Assert.Null(accounts.FindValid(second.Id, second.Stamp));
        Assert.Equal("sign-in-refused", accounts.SignIn("Desk 2", Password).Refusal);
        accounts.SetDisabled(second.Id, false, "test");
        Assert.Null(accounts.FindValid(second.Id, second.Stamp));
        Assert.True(accounts.SignIn("Desk 2", Password).Done);
    }

    [Theory]
    [InlineData("", Password, "operator", "name-length")]
    [InlineData("x", Password, "operator", "name-length")]
    [InlineData("De\u0007sk", Password, "operator", "name-characters")]
    [InlineData("Desk 9", "too short", "operator", "password-length")]
    [InlineData("Desk 9", "my desk 9 is here", "operator", "password-guessable")]
    [InlineData("Desk 9", "abababababab", "operator", "password-guessable")]
    [InlineData("Desk 9", Password, "emperor", "roles-unknown")]
    [InlineData("DESK 1", Password, "operator", "name-taken")]
    public void An_account_is_refused_by_name(string name, string password, string role, string refusal)
    {
        SetUpFirst();
        Assert.Equal(refusal, accounts.Create(name, password, [role], "test").Refusal);
    }

    [Fact]
    public async Task A_token_is_stored_as_a_hash_and_works_until_it_is_revoked_or_over()
    {
        var created = await accounts.CreateTokenAsync("reports", [Rights.Read], time.GetUtcNow().AddHours(1));
        Assert.Equal([Rights.Read], accounts.FindValidToken(created.Text)!.Scopes);
        Assert.Null(accounts.FindValidToken(created.Text + "x"));
        using (var connection = database.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT hex(hash) || name || scopes FROM api_tokens";
            Assert.DoesNotContain(created.Text, (string)command.ExecuteScalar()!);
        }

        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(accounts.FindValidToken(created.Text));

        var other = await accounts.CreateTokenAsync("demo", [Rights.Read, Rights.Operate]);
        var newer = await accounts.CreateTokenAsync("demo", [Rights.Read]);
        Assert.Null(accounts.FindValidToken(other.Text));
        Assert.True(accounts.RevokeToken(newer.Token.Id, "test"));
        Assert.Null(accounts.FindValidToken(newer.Text));
    }

    [Fact]
    public async Task A_token_of_unknown_scope_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => accounts.CreateTokenAsync("demo", ["everything"]));

    [Fact]
    public void Every_role_is_made_of_known_rights()
    {
        foreach (var role in Roles.All)
        {
            Assert.All(Roles.RightsOf([role]), right => Assert.True(Rights.All.Contains(right), right));
        }

        // A volunteer answers calls that he is sent to, and reads no list of the station.
        Assert.Equal([Rights.Respond], Roles.RightsOf([Roles.Volunteer]));
        Assert.DoesNotContain(Rights.Supervise, Roles.RightsOf([Roles.Operator]));
        Assert.DoesNotContain(Rights.Operate, Roles.RightsOf([Roles.Auditor]));
    }

    [Fact]
    public async Task Every_change_of_an_account_or_token_stands_in_the_audit_before_it_is_made_I13()
    {
        var first = SetUpFirst();
        var second = accounts.Create("Desk 2", Password, [Roles.Operator], first.Name).Account!;
        accounts.SetDisabled(second.Id, true, first.Name);
        await accounts.CreateTokenAsync("reports", [Rights.Read], actor: first.Name);
        Assert.Equal(
            ["Desk 1 account.setUp account/Desk 1 (0)", "Desk 1 account.created account/Desk 2 (1)", "Desk 1 account.disabled account/Desk 2 (2)", "Desk 1 token.created token/reports (2)"],
            audited);
    }

    /// <summary>What was audited, with the number of accounts that existed at that moment.</summary>
    private Task Audit(string actor, string kind, string subject, string content)
    {
        audited.Add($"{actor} {kind} {subject} ({accounts.List().Count})");
        return Task.CompletedTask;
    }

    private Account SetUpFirst() => accounts.SetUp(accounts.CreateSetupKey(), "Desk 1", Password).Account!;

    private sealed class SetTime : TimeProvider
    {
        private DateTimeOffset now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan by) => now += by;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
