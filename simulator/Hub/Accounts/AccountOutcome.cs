using Microsoft.AspNetCore.Identity;

namespace Gateway.Hub.Accounts;

/// <summary>What came of a request on accounts: done, or refused by name with a sentence and the member at fault.</summary>
public sealed record AccountOutcome(Account? Account, string? Refusal, string? Text, string? Member = null)
{
    public bool Done => Refusal is null;

    public static AccountOutcome Of(Account account) => new(account, null, null);

    public static AccountOutcome Refused(string name, string text, string? member = null) => new(null, name, text, member);

    /// <summary>What Identity made of it: the account, or its first objection, whose code is the name of the refusal (<see cref="AccountErrors"/>).</summary>
    public static AccountOutcome Of(Account account, IdentityResult result) =>
        result.Errors.FirstOrDefault() is not { } error ? Of(account) : Refused(error.Code, error.Description, AccountErrors.MemberOf(error));
}
