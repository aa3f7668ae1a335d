using System.Text;
using System.Text.Json;
using Gateway.Hub.Ingest;

namespace Gateway.Hub.Tests.Ingest;

/// <summary>The parser of payloads: [GW-5] and [GW-6], and nothing else than them.</summary>
public sealed class FlatObjectTests
{
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":-9007199254740991,"b":9007199254740991,"c":0}""")]
    [InlineData("""{"a":true,"b":false,"c":"","d":" ~!"}""")]
    [InlineData(" \t\r\n{ \"a\" : 1 , \"b\" : \"x\" } ")]
    [InlineData("""{"abcdefghijklmnopqrstuvwx":1}""")]
    public void What_the_protocol_allows_is_taken_GW5(string payload) => Assert.True(FlatObject.TryParse(Encoding.ASCII.GetBytes(payload), out _));

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("[]", "an array")]
    [InlineData("""{"a":1""", "no end")]
    [InlineData("""{"a":1}x""", "something after the end")]
    [InlineData("""{"a":1}{"a":1}""", "two objects")]
    [InlineData("""{"a":1,}""", "a comma too many")]
    [InlineData("""{,"a":1}""", "a comma in front")]
    [InlineData("""{"a" 1}""", "no colon")]
    [InlineData("""{"a":}""", "no value")]
    [InlineData("""{a:1}""", "a name without quotes")]
    [InlineData("""{"a":null}""", "null")]
    [InlineData("""{"a":[1]}""", "an array inside")]
    [InlineData("""{"a":{}}""", "an object inside")]
    [InlineData("""{"a":1.5}""", "a fraction")]
    [InlineData("""{"a":1e3}""", "an exponent")]
    [InlineData("""{"a":01}""", "a leading zero")]
    [InlineData("""{"a":-0}""", "minus nought")]
    [InlineData("""{"a":+1}""", "a plus")]
    [InlineData("""{"a":-}""", "a lone minus")]
    [InlineData("""{"a":9007199254740992}""", "an integer above the bound")]
    [InlineData("""{"a":-9007199254740992}""", "an integer below the bound")]
    [InlineData("""{"a":99999999999999999999999}""", "an integer beyond 64 bits")]
    [InlineData("""{"a":"\n"}""", "an escape")]
    [InlineData("{\"a\":\"\n\"}", "a control character")]
    [InlineData("{\"a\":\"\u007f\"}", "DEL")]
    [InlineData("""{"a":1,"a":1}""", "a name twice")]
    [InlineData("""{"":1}""", "an empty name")]
    [InlineData("""{"abcdefghijklmnopqrstuvwxy":1}""", "a name of 25")]
    [InlineData("""{"a":"12345678901234567890123456789012345678901234567890123456789012345"}""", "a string of 65")]
    [InlineData("""{"a":tru}""", "half a word")]
    [InlineData("""{"a":trueb}""", "a word and more")]
    public void What_it_forbids_is_not_GW5_GW6(string payload, string because) =>
        Assert.False(FlatObject.TryParse(Encoding.Latin1.GetBytes(payload), out _), because);

    [Fact]
    public void Forty_eight_members_are_taken_and_forty_nine_are_not_GW6()
    {
        Assert.True(FlatObject.TryParse(Members(48), out var parsed));
        Assert.Equal(48, parsed.Count);
        Assert.False(FlatObject.TryParse(Members(49), out _));
    }

    [Fact]
    public void Bytes_above_ascii_are_refused_GW5()
    {
        for (var b = 0x80; b <= 0xFF; b++)
        {
            Assert.False(FlatObject.TryParse([.. "{\"a\":\""u8, (byte)b, .. "\"}"u8], out _), $"byte {b:x2}");
        }
    }

    /// <summary>Everything that this parser takes must be JSON to everyone else, with the same members; and no input may throw.</summary>
    [Fact]
    public void Random_bytes_never_throw_and_what_is_taken_is_json()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var source = """{"v":1,"lane":"call","epoch":"5f0e2b91","seq":17,"test":false,"up":-12 , "d":""}"""u8.ToArray();
        var taken = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var payload = (byte[])source.Clone();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                payload[random.Next(payload.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[]\":,0123456789-+.eE\\ truefalsn"[random.Next(33)];
            }

            payload = payload[..(payload.Length - (random.Next(5) == 0 ? random.Next(payload.Length) : 0))];
            if (!FlatObject.TryParse(payload, out var parsed))
            {
                continue;
            }

            taken++;
            using var json = JsonDocument.Parse(payload);
            Assert.True(json.RootElement.EnumerateObject().Count() == parsed.Count, $"seed {seed}, case {i}: {Encoding.Latin1.GetString(payload)}");
        }

        Assert.True(taken > 1_000, $"seed {seed}: only {taken} inputs were taken; the test proves nothing");
    }

    private static byte[] Members(int count) =>
        Encoding.ASCII.GetBytes("{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"m{i}\":{i}")) + "}");
}
