using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Hub.Api;

/// <summary>The header `Idempotency-Key` of a change: sent twice, the change is done once and answered alike.</summary>
internal static class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";
    public const string Description = "1 to 64 visible ASCII characters, one per wish: sent twice, it is done once.";
    private const int CharsMax = 64;

    /// <summary>Why a key is none; null when it is one, or absent.</summary>
    public static ProblemHttpResult? Check(string? key) =>
        key is not null && (key.Length is 0 or > CharsMax || key.Any(character => character is <= ' ' or > '~'))
            ? Problems.Invalid(Header, $"'{Header}' is 1 to {CharsMax} visible ASCII characters.")
            : null;

    /// <summary>
    /// The store's key, of 64 characters. The actor is in it: one caller's key can never answer another's wish. The subject too, so a key used on two things is two wishes.
    /// </summary>
    public static string? Of(string? key, string actor, string subject) =>
        key is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor}\n{subject}\n{key}")));
}
