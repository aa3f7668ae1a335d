using System.Globalization;
using System.Text;
using Gateway.Hub.Ingest;
using Gateway.Mqtt.Endpoint;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What the hub says to its boards: receipts, notices, commands.</content>
public sealed partial class Watcher
{
    /// <summary>A command is done within a minute of leaving, by the hub's idea of the board's clock, or not at all.</summary>
    private const long CommandLateUs = 2 * VirtualTime.Minute;

    private readonly Dictionary<long, uint> _receipted = [];

    /// <summary>A message leaves the hub.</summary>
    internal void Sends(in OutgoingMessage message)
    {
        if (!Topics.TrySplit(message.Topic, out var device, out var leaf) || world.BoardOf(device) is not { } board)
        {
            return;
        }

        switch (leaf)
        {
            case "receipt":
                CheckReceipt(board, message.Payload);
                break;
            case "notice":
                CheckNotice(board, message.Payload);
                break;
            case "command":
                CommandLeaves(board, message.Payload);
                break;
        }
    }

    private void CommandLeaves(Boards.SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        switch (TextOf(payload, "command"))
        {
            case "resetLatch":
                Of(board).ResetUs = world.Queue.NowUs;
                NoteReset(board, payload);
                break;
            case "testMode" when NumberOf(payload, "minutes") > 0:
                var zone = (int)NumberOf(payload, "zone");
                Of(board).Zones.Asked[TextOf(payload, "id")] = (zone, NumberOf(payload, "minutes"));
                NoteTest(board, TextOf(payload, "id"), zone, NumberOf(payload, "minutes"), isSure: false);
                break;
            case "reboot":
                Of(board).RestartAskedUs = world.Queue.NowUs;
                break;
            case "selfTest":
                Of(board).TestsAsked.Add((TextOf(payload, "id"), world.Queue.NowUs));
                break;
            case "annunciate" or "watchAlert" or "siren":
                NoteSound(board, TextOf(payload, "command"), payload);
                break;
            case "identify":
                // No person of this world asks for it.
                Fail("I7", board, $"the hub asked for {TextOf(payload, "command")}");
                break;
        }
    }

    /// <summary>I8: every number that a receipt covers is on the disk, as a signal or as missing.</summary>
    private void CheckReceipt(Boards.SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        Check("I8 receipt");
        var lane = world.Hub.Disk.Ledger.FindLane(board.Device, LaneNames.Parse(TextOf(payload, "lane")), EpochOf(payload));
        var through = (uint)NumberOf(payload, "through");
        NoteReceipt(board, TextOf(payload, "session"), LaneNames.Parse(TextOf(payload, "lane")), EpochOf(payload));
        CheckAnswersBirth(board, payload, through);
        if (lane is not null && through < uint.MaxValue && world.Hub.Disk.Ledger.Accounts(lane, through + 1))
        {
            Fail("I1", board, $"a receipt through {through} was sent, and {lane.Lane} {through + 1} is on the disk, or missing there, as well");
        }

        if (through == 0)
        {
            return;
        }

        if (lane is null)
        {
            Fail("I8", board, $"a receipt through {through} was sent for a lane that is not on the disk");
            return;
        }

        for (var seq = _receipted.GetValueOrDefault(lane.Id) + 1; seq <= through; seq++)
        {
            if (!world.Hub.Disk.Ledger.Accounts(lane, seq))
            {
                Fail("I8", board, $"a receipt through {through} was sent, and {lane.Lane} {seq} is neither on the disk nor missing there");
                return;
            }
        }

        _receipted[lane.Id] = Math.Max(through, _receipted.GetValueOrDefault(lane.Id));
        world.Trace.Add(board.Number, "receipt", through, (long)lane.Lane);
    }

    /// <summary>I7: no notice ever names a silent call.</summary>
    private void CheckNotice(Boards.SimulatedBoard board, ReadOnlySpan<byte> payload)
    {
        Check("I7 notice");
        NoteNotice(board, payload);
        var call = (LaneNames.Parse(TextOf(payload, "lane")), EpochOf(payload), (uint)NumberOf(payload, "seq"));
        if (Of(board).SilentCalls.Contains(call))
        {
            Fail("I7", board, $"a notice was sent for the silent call {call}");
        }
    }

    private static uint EpochOf(ReadOnlySpan<byte> payload) => uint.Parse(TextOf(payload, "epoch"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string TextOf(ReadOnlySpan<byte> payload, string name)
    {
        var rest = After(payload, name)[1..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'"')]);
    }

    private static long NumberOf(ReadOnlySpan<byte> payload, string name)
    {
        var rest = After(payload, name);
        return long.Parse(rest[..rest.IndexOfAny((byte)',', (byte)'}')], CultureInfo.InvariantCulture);
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> payload, string name)
    {
        var member = Encoding.ASCII.GetBytes($"\"{name}\":");
        return payload[(payload.IndexOf(member) + member.Length)..];
    }
}
