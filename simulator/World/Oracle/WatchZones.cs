using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What a zone tells beside that it tells: what was measured is what was there, and what is a test is one, from its alarm to its end (GW-47).</content>
public sealed partial class Watcher
{
    /// <summary>A zone is told at most once in 10 s, and a write that was refused is tried again after as long.</summary>
    private const long ToldAgainMs = 30_000;

    /// <summary>What was read before it changed, and what a filter makes of two readings.</summary>
    private const long ReadBeforeMs = 20_000;
    private const int ReadErrorMv = 40;

    /// <summary>Numbers behind the last record of a zone that may have been its end.</summary>
    private const uint HolesAfterMax = 3;

    /// <summary>What the converter had at rest when the world began.</summary>
    private const int LineAtRestMv = 1_000;
    private const int BatteryAtRestMv = 12_700;

    /// <summary>A line, a door or the battery has told something, and it is on the disk.</summary>
    private void NoteZone(SimulatedBoard board, BoardLedger ledger, SignalMessage signal)
    {
        CheckMeasured(board, ledger, signal);
        if (!board.Zones.Has(signal.Zone, signal.Kind) || signal.Kind == BoardContact.Patrol)
        {
            return;
        }

        ledger.Zones.Told.Add(new ZoneTold(signal.Lane, signal.Epoch, signal.Seq, signal.Zone, ledger.BootOf(signal), signal.Time.UpMs, signal.State == BoardLine.Normal, signal.Test));
        if (signal.State == BoardLine.Normal || board.Zones.ContactOf(signal.Zone) is { HasSchedule: true })
        {
            // What was opened in a door's hours may be told long after, under a test that began meanwhile.
            return;
        }

        Check("GW-47 zone");
        var tests = ledger.Zones.Tests.Where(test => (test.Zone == signal.Zone || test.Zone == 0) && IsOfBoot(ledger, test.Incarnation, signal)).ToList();
        if (signal.Test && !tests.Exists(test => signal.Time.UpMs > test.FromMs - ToldAgainMs && signal.Time.UpMs < test.UntilMs))
        {
            Fail("I1", board, $"{signal.Lane} {signal.Seq} of zone {signal.Zone} is marked as a test, and no test was on");
        }
    }

    /// <summary>The hub asks for a test; or the board has answered that it is on.</summary>
    private void NoteTest(SimulatedBoard board, string id, int zone, long minutes, bool isSure)
    {
        var fromMs = board.LocalMsAt(world.Queue.NowUs);
        var lateMs = isSure ? 0 : CommandLateUs / VirtualTime.Ms;

        // Asked anew, a test lasts from then on, which may be shorter.
        var tests = Of(board).Zones.Tests;
        for (var i = 0; i < tests.Count; i++)
        {
            tests[i] = tests[i] is { IsSure: true } sure && sure.Zone == zone && sure.Incarnation == board.Incarnation && sure.UntilMs > fromMs ? sure with { UntilMs = fromMs } : tests[i];
        }

        tests.Add(new ZoneTest(id, zone, board.Incarnation, fromMs, fromMs + (minutes * VirtualTime.Minute / VirtualTime.Ms) + lateMs, isSure));
    }

    /// <summary>The converter reads something else from now on.</summary>
    private void NoteMeasured(SimulatedBoard board, int zone, int millivolts) =>
        Of(board).Zones.Measured.Add((zone, board.Incarnation, board.LocalMsAt(world.Queue.NowUs), millivolts));

    /// <summary>A number that goes with a zone of a line, or with the battery, is what was at the pin about then (PROTOCOL.md section 6).</summary>
    private void CheckMeasured(SimulatedBoard board, BoardLedger ledger, SignalMessage signal)
    {
        var isBattery = signal is { Kind: "battery", Zone: 0 };
        if (!isBattery && board.Zones.LineOf(signal.Zone)?.Kind != signal.Kind)
        {
            return;
        }

        Check("measured");
        var boot = ledger.BootOf(signal);
        var (low, high) = isBattery ? (BatteryAtRestMv, BatteryAtRestMv) : (LineAtRestMv, LineAtRestMv);
        foreach (var (zone, incarnation, localMs, millivolts) in ledger.Zones.Measured)
        {
            if (zone != signal.Zone)
            {
                continue;
            }

            // In force until shortly before it happened: what was before that does not count.
            var isBefore = ledger.Boots.TryGetValue(incarnation, out var boots) && (boots.Last < boot || (boots.First <= boot && localMs < signal.Time.UpMs - ReadBeforeMs));
            (low, high) = isBefore ? (millivolts, millivolts) : (Math.Min(low, millivolts), Math.Max(high, millivolts));
        }

        if (signal.Value < low - ReadErrorMv || signal.Value > high + ReadErrorMv)
        {
            Fail("measured", board, $"{signal.Lane} {signal.Seq} ({signal.Kind}) says {signal.Value} mV, and between {low} and {high} mV were there");
        }
    }

    /// <summary>What began under test ends under test, and what began for real for real; what goes on after its test is told again, for real.</summary>
    private void CheckZonesTold(SimulatedBoard board)
    {
        var ledger = Of(board);
        var disk = world.Hub.Disk.Ledger;
        if (_wasRestored || board.Flash.Flips > 0)
        {
            return;
        }

        foreach (var lane in ledger.Zones.Told.Where(static told => told.Lane != Lane.Volatile).GroupBy(static told => (told.Lane, told.Epoch)))
        {
            var missing = disk.FindLane(board.Device, lane.Key.Lane, lane.Key.Epoch) is { } known ? disk.Missing(known) : [];
            foreach (var zone in lane.GroupBy(static told => (told.Zone, told.Boot)))
            {
                // What the flash refused went another way, or with the power.
                var isWhole = !ledger.Zones.Told.Exists(told => told.Lane == Lane.Volatile && told.Boot == zone.Key.Boot && told.Zone == zone.Key.Zone) && !ledger.Zones.LostBoots.Contains(zone.Key.Boot);
                var told = zone.OrderBy(static told => told.Seq).ToList();
                if (isWhole && !missing.Any(range => range.Last >= told[0].Seq && range.First <= told[^1].Seq + HolesAfterMax))
                {
                    CheckZone(board, ledger, told);
                }
            }
        }
    }

    private void CheckZone(SimulatedBoard board, BoardLedger ledger, List<ZoneTold> zone)
    {
        for (var i = 0; i < zone.Count; i++)
        {
            var (told, before) = (zone[i], i == 0 ? null : zone[i - 1]);
            if (before is { IsNormal: false } && told.IsNormal)
            {
                Check("GW-47 end");
                if (told.IsTest != before.IsTest)
                {
                    Fail("GW-47", board, $"the alarm {before.Seq} of zone {told.Zone} was {(before.IsTest ? "a" : "no")} test, and its end {told.Seq} is {(told.IsTest ? "one" : "none")}");
                    return;
                }
            }

            // What goes on after its test is told again with the time at which it began.
            var isAgain = before is { IsTest: true, IsNormal: false } && before.UpMs == told.UpMs;
            if (!told.IsNormal && !told.IsTest && !isAgain && board.Zones.ContactOf(told.Zone) is not { HasSchedule: true } && SurelyTested(ledger, told))
            {
                Fail("GW-47", board, $"{told.Lane} {told.Seq} of zone {told.Zone} was made under test, and is no test");
                return;
            }

            CheckGoesOn(board, ledger, told, i + 1 < zone.Count ? zone[i + 1] : null);
        }
    }

    private static bool SurelyTested(BoardLedger ledger, ZoneTold told) => ledger.Zones.Tests.Exists(test => test.IsSure && (test.Zone == told.Zone || test.Zone == 0)
        && IsOfBoot(ledger, test.Incarnation, told.Boot) && told.UpMs > test.FromMs + (SeenUs / VirtualTime.Ms) && told.UpMs < test.UntilMs - ToldAgainMs);

    private void CheckGoesOn(SimulatedBoard board, BoardLedger ledger, ZoneTold? alarm, ZoneTold? next)
    {
        if (alarm is not { IsNormal: false, IsTest: true } || ledger.Boots.FirstOrDefault(boots => alarm.Boot >= boots.Value.First && alarm.Boot <= boots.Value.Last) is not { Key: > 0 } boot)
        {
            return;
        }

        // The end of the last test that may have been on; the line stays as it is for longer, and so does the power.
        var endsMs = ledger.Zones.Tests.Where(test => test.Incarnation == boot.Key && (test.Zone == alarm.Zone || test.Zone == 0)).Select(static test => test.UntilMs).DefaultIfEmpty(long.MaxValue / 2).Max();
        var dueMs = endsMs + ToldAgainMs;
        var changesMs = ledger.Seen.Where(seen => seen.Zone == alarm.Zone && seen.Incarnation == boot.Key && seen.LocalMs > alarm.UpMs + 200).Select(static seen => seen.LocalMs).DefaultIfEmpty(long.MaxValue).Min();
        var lastsMs = ledger.Zones.EndsMs.TryGetValue(boot.Key, out var failedMs) ? failedMs : board.LocalMsAt(world.Queue.NowUs);
        if (dueMs > Math.Min(changesMs, lastsMs) || IsShut(ledger, alarm.Zone, boot.Key, dueMs))
        {
            return;
        }

        Check("GW-47 goes on");
        if (next is null || next.IsTest)
        {
            Fail("I1", board, $"zone {alarm.Zone} has told its alarm under test only ({alarm.Seq}), it went on for {(Math.Min(changesMs, lastsMs) - endsMs) / 1_000} s after the test, and nobody was told");
        }
    }
}
