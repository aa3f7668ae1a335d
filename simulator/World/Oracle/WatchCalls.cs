using Gateway.Hub.Ingest;
using Gateway.World.Boards;
using Gateway.World.Hub;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>What a board says of one call, signal by signal: its presses add up, they do not flood the line, and whoever ends it names it by a number of its lane.</content>
public sealed partial class Watcher
{
    /// <summary>[GW-21]: repeats go out at least 10 s apart, and each names the moment of its last press: so over three of them 10 s have passed.</summary>
    private const long ThreeRepeatsMs = (RepeatUs - (100 * VirtualTime.Ms)) / VirtualTime.Ms;

    private readonly Dictionary<(long Lane, uint Call), SortedList<uint, (uint Boot, long UpMs, int Count)>> _saidOf = [];

    /// <summary>Calls of RAM that were ended before their press came.</summary>
    private readonly HashSet<(long Lane, uint Call)> _namedAhead = [];

    private void NoteCall(SimulatedBoard board, in DiskSignal stored, SignalMessage signal)
    {
        if (stored.Conflict)
        {
            return;
        }

        if (_namedAhead.Remove((stored.Lane.Id, signal.Seq)) && (signal.Kind is not ("help" or "silent") || signal.Call != signal.Seq))
        {
            Fail("GW-20", board, $"something in the volatile lane has ended call {signal.Seq}, and that number is a {signal.Kind}");
        }

        if (signal.Call == 0)
        {
            return;
        }

        if (signal.Kind is "help" or "silent")
        {
            CheckPresses(board, stored, signal);
        }
        else if (signal.Kind is "cancel" or "reset" && signal.Lane == Lane.Volatile)
        {
            // In RAM only the calls of RAM have numbers; the journal's are named by their zone there ([GW-22]).
            Check("GW-20 named");
            if (_saidOf.ContainsKey((stored.Lane.Id, signal.Call)) || _wasRestored)
            {
                return;
            }

            // What was lost with a connection may come again in no order: then the press is still to come, under the number that it is named by.
            if (!stored.Lane.Signals.TryGetValue(signal.Call, out var row) || row > stored.Id)
            {
                _namedAhead.Add((stored.Lane.Id, signal.Call));
            }
            else
            {
                Fail("GW-20", board, $"a {signal.Kind} in the volatile lane names call {signal.Call}, and no such call came in it");
            }
        }
    }

    private void CheckPresses(SimulatedBoard board, in DiskSignal stored, SignalMessage signal)
    {
        if (!_saidOf.TryGetValue((stored.Lane.Id, signal.Call), out var said))
        {
            _saidOf.Add((stored.Lane.Id, signal.Call), said = []);
        }

        if (!said.TryAdd(signal.Seq, (signal.Time.Boot, signal.Time.UpMs, signal.Count)))
        {
            return;
        }

        Check("GW-21 presses");
        var at = said.IndexOfKey(signal.Seq);
        var (isBelow, isAbove) = (at > 0 && said.Values[at - 1].Count >= signal.Count, at + 1 < said.Count && said.Values[at + 1].Count <= signal.Count);
        if ((isBelow || isAbove) && !Of(board).MayForgive(board.Flash.Flips))
        {
            // The record that a flipped bit hit had been sent: its board does not remember that press.
            Fail("GW-21", board, $"{signal.Lane} {signal.Seq} counts {signal.Count} presses on call {signal.Call}, and {said.Keys[isBelow ? at - 1 : at + 1]} beside it {said.Values[isBelow ? at - 1 : at + 1].Count}");
            return;
        }

        // The newest may be the one that goes out at once because the call ends.
        for (var last = Math.Max(2, at - 1); last < said.Count - 1 && last <= at + 2; last++)
        {
            var (first, third) = (said.Values[last - 2], said.Values[last]);
            if (first.Boot == third.Boot && third.UpMs - first.UpMs < ThreeRepeatsMs)
            {
                Fail("GW-21", board, $"call {signal.Call}: {said.Keys[last - 2]} to {said.Keys[last]} tell of presses within {third.UpMs - first.UpMs} ms, and repeats are 10 s apart");
            }
        }
    }
}
