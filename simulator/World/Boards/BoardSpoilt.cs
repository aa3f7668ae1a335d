using System.Globalization;
using System.Text;
using Gateway.Firmware.Delivery;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;

namespace Gateway.World.Boards;

/// <content>
/// A receipt that was spoilt before it was signed, by a hub that is out of order or another one with the same key: the board refuses it by name and does nothing
/// (PROTOCOL.md, section 12).
/// </content>
internal sealed partial class BoardLink
{
    /// <summary>How many ways <see cref="Spoil"/> knows.</summary>
    internal const int WaysToSpoil = 7;

    /// <summary>What is on its way into the core, and how it must be refused.</summary>
    private (ApplicationMessage Message, int Refusal)? _spoilt;

    private void Spoil(ApplicationMessage receipt)
    {
        if (board.SpoilsReceipt < 0 || _received.Count >= ReceivedMax)
        {
            return;
        }

        var text = Encoding.ASCII.GetString(receipt.Payload.Span);
        var (body, refusal) = Spoil(text[..text.LastIndexOf(",\"mac\":", StringComparison.Ordinal)], board.SpoilsReceipt);
        Span<byte> mac = stackalloc byte[MessageKey.MacBytes];
        board.World.Devices.KeyOf(board.Device)!.Compute(receipt.Topic, Encoding.ASCII.GetBytes(body), mac);
        var message = new ApplicationMessage(receipt.Topic, Encoding.ASCII.GetBytes($"{body},\"mac\":\"{Convert.ToHexStringLower(mac)}\"}}"), 1, false);
        board.World.Trace.Add(board.Number, "a spoilt receipt", refusal, text: Refusal.Name(refusal));
        _spoilt = (message, refusal);
        _received.Enqueue((message, true));
        board.Wake();
    }

    private void NoteSpoilt(ApplicationMessage taken)
    {
        if (_spoilt is { } spoilt && spoilt.Message.Payload.Equals(taken.Payload))
        {
            board.World.Oracle.TakesSpoilt(board, spoilt.Refusal);
        }
    }

    private static (string Body, int Refusal) Spoil(string body, int way) => way switch
    {
        0 => (Other(body, "epoch"), Refusal.WrongEpoch),
        1 => (Further(body), Refusal.Beyond),
        2 => (body.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal), Refusal.UnknownVersion),
        3 => (Other(body, "hub"), Refusal.WrongHub),
        4 => (Other(body, "session"), Refusal.StaleSession),
        5 => (body.Replace("\"lane\"", "\"line\"", StringComparison.Ordinal), Refusal.MissingMember),
        _ => (body.Replace("\"lane\":", "\"lane\"", StringComparison.Ordinal), Refusal.NotJson),
    };

    /// <summary>The first digit of a hexadecimal member is another one.</summary>
    private static string Other(string body, string member)
    {
        var at = After(body, member) + 1;
        return body[..at] + (body[at] == 'a' ? 'b' : 'a') + body[(at + 1)..];
    }

    /// <summary>Through a number that the board has not used yet.</summary>
    private static string Further(string body)
    {
        const long further = 1_000_000;
        var at = After(body, "through");
        var end = body.IndexOf(',', at);
        return body[..at] + (long.Parse(body[at..end], CultureInfo.InvariantCulture) + further).ToString(CultureInfo.InvariantCulture) + body[end..];
    }

    private static int After(string body, string member) => body.IndexOf($"\"{member}\":", StringComparison.Ordinal) + member.Length + 3;
}
