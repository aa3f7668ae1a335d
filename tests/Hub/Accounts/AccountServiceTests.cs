using Gateway.Hub.Accounts;

namespace Gateway.Hub.Tests.Accounts;

public sealed class AccountServiceTests : IDisposable
{
    private const string Password = AccountHarness.Password;

    private readonly AccountHarness harness = new();

    private AccountService Accounts => harness.Accounts;

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task A_fresh_hub_has_no_account_and_no_name_that_signs_in()
    {
        Assert.True(Accounts.NeedsSetup);
        foreach (var (name, password) in new[] { ("admin", "admin"), ("", ""), ("root", ""), ("operator", "operator") })
        {
            Assert.Equal("sign-in-refused", (await Accounts.SignInAsync(name, password)).Refusal);
        }
    }

    [Fact]
    public async Task The_setup_key_makes_one_account_and_is_spent()
    {
        var key = Accounts.CreateSetupKey();
        var first = await Accounts.SetUpAsync(key, "Desk 1", Password);
        Assert.True(first.Done, first.Text);
        Assert.Contains(Roles.Administrator, first.Account!.Roles);

        Assert.Equal("setup-key", (await Accounts.SetUpAsync(key, "Desk 2", Password)).Refusal);
        Assert.False(Accounts.IsSetupKey(key));
        Assert.Null(Accounts.CreateSetupKey());
        Assert.Equal("Desk 1", Assert.Single(Accounts.List()).Name);
    }

    [Fact]
    public async Task Only_the_newest_setup_key_works_and_a_refused_password_does_not_spend_it()
    {
        var old = Accounts.CreateSetupKey();
        var newest = Accounts.CreateSetupKey();
        Assert.False(Accounts.IsSetupKey(old));
        Assert.Equal("password-length", (await Accounts.SetUpAsync(newest, "Desk 1", "short")).Refusal);
        Assert.True((await Accounts.SetUpAsync(newest, "Desk 1", Password)).Done);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_five_minutes_even_for_the_right_one()
    {
        await harness.SetUpFirstAsync();
        for (var attempt = 1; attempt <= AccountRules.FailuresMax; attempt++)
        {
            Assert.Equal("sign-in-refused", (await Accounts.SignInAsync("Desk 1", "wrong password")).Refusal);
        }

        Assert.Equal("account-locked", (await Accounts.SignInAsync("Desk 1", Password)).Refusal);
        harness.Time.Advance(AccountRules.LockOut - TimeSpan.FromSeconds(1));
        Assert.Equal("account-locked", (await Accounts.SignInAsync("Desk 1", Password)).Refusal);
        harness.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await Accounts.SignInAsync("desk 1 ", Password)).Done);
    }

    [Fact]
    public async Task A_desk_left_open_does_not_let_anybody_try_old_passwords_for_ever()
    {
        await harness.SetUpFirstAsync();
        var id = Assert.Single(Accounts.List()).Id;
        for (var attempt = 1; attempt <= AccountRules.FailuresMax; attempt++)
        {
            Assert.Equal("password-wrong", (await Accounts.SetPasswordAsync(id, "another quiet sentence", "Desk 1", "wrong password", isOwn: true)).Refusal);
        }

        Assert.Equal("account-locked", (await Accounts.SetPasswordAsync(id, "another quiet sentence", "Desk 1", Password, isOwn: true)).Refusal);
        harness.Time.Advance(AccountRules.LockOut + TimeSpan.FromSeconds(1));
        Assert.True((await Accounts.SetPasswordAsync(id, "another quiet sentence", "Desk 1", Password, isOwn: true)).Done);
    }

    [Fact]
    public async Task A_right_password_forgets_the_wrong_ones_before_it()
    {
        await harness.SetUpFirstAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var attempt = 1; attempt < AccountRules.FailuresMax; attempt++)
            {
                await Accounts.SignInAsync("Desk 1", "wrong password");
            }

            Assert.True((await Accounts.SignInAsync("Desk 1", Password)).Done);
        }
    }

    [Fact]
    public async Task Disabling_ends_open_sessions_and_the_last_administrator_stays()
    {
        var first = await harness.SetUpFirstAsync();
        Assert.Equal("last-administrator", (await Accounts.SetDisabledAsync(first.Id, true, "test")).Refusal);

        var second = (await Accounts.CreateAsync("Desk 2", Password, [Roles.Operator], "test")).Account!;
        Assert.NotNull(Accounts.FindValid(second.Id, second.Stamp));
        Assert.True((await Accounts.SetDisabledAsync(second.Id, true, "test")).Done);
        Assert.Null(Accounts.FindValid(second.Id, second.Stamp));
        Assert.Equal("sign-in-refused", (await Accounts.SignInAsync("Desk 2", Password)).Refusal);
        await Accounts.SetDisabledAsync(second.Id, false, "test");
        Assert.Null(Accounts.FindValid(second.Id, second.Stamp));
        Assert.True((await Accounts.SignInAsync("Desk 2", Password)).Done);
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
    public async Task An_account_is_refused_by_name(string name, string password, string role, string refusal)
    {
        await harness.SetUpFirstAsync();
        Assert.Equal(refusal, (await Accounts.CreateAsync(name, password, [role], "test")).Refusal);
        Assert.Equal(["account.setUp"], harness.Audited.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task A_token_is_stored_as_a_hash_and_works_until_it_is_revoked_or_over()
    {
        var created = await harness.Tokens.CreateAsync("reports", [Rights.Read], harness.Time.GetUtcNow().AddHours(1));
        Assert.Equal([Rights.Read], harness.Tokens.FindValid(created.Text)!.Scopes);
        Assert.Null(harness.Tokens.FindValid(created.Text + "x"));
        using (var connection = harness.Database.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT hex(hash) || name || scopes FROM api_tokens";
            Assert.DoesNotContain(created.Text, (string)command.ExecuteScalar()!);
        }

        harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(harness.Tokens.FindValid(created.Text));

        var other = await harness.Tokens.CreateAsync("demo", [Rights.Read, Rights.Operate]);
        var newer = await harness.Tokens.CreateAsync("demo", [Rights.Read]);
        Assert.Null(harness.Tokens.FindValid(other.Text));
        Assert.True(await harness.Tokens.RevokeAsync(newer.Token.Id, "test"));
        Assert.Null(harness.Tokens.FindValid(newer.Text));
    }

    [Fact]
    public async Task A_token_of_unknown_scope_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Tokens.CreateAsync("demo", ["everything"]));

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
        var first = await harness.SetUpFirstAsync();
        var second = (await Accounts.CreateAsync("Desk 2", Password, [Roles.Operator], first.Name)).Account!;
        await Accounts.SetDisabledAsync(second.Id, true, first.Name);
        await harness.Tokens.CreateAsync("reports", [Rights.Read], actor: first.Name);
        Assert.Equal(
            [("Desk 1", "account.setUp", "account/Desk 1", 0), ("Desk 1", "account.created", "account/Desk 2", 1), ("Desk 1", "account.disabled", "account/Desk 2", 2), ("Desk 1", "token.created", "token/reports", 2)],
            harness.Audited);
    }
}
