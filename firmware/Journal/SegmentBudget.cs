using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Journal
{
    /// <summary>
    /// How many segments a lane may have on flash, and what may be deleted to keep to it: an acknowledged segment in either lane, an unacknowledged one
    /// in the event lane only (I1).
    /// </summary>
    public sealed class SegmentBudget
    {
        private readonly SegmentRow _row;
        private readonly IFlash _flash;
        private readonly int _segmentsMax;
        private readonly int _reserveSegments;
        private readonly bool _mayEvict;

        public SegmentBudget(SegmentRow row, IFlash flash, int segmentsMax, int reserveSegments, bool mayEvict)
        {
            _row = row;
            _flash = flash;
            _segmentsMax = segmentsMax;
            _reserveSegments = reserveSegments;
            _mayEvict = mayEvict;
        }

        /// <summary>Segments deleted with records that the hub had not receipted, since boot.</summary>
        public int Evicted { get; private set; }

        /// <summary>One segment more would take a reserved place, or one beyond the budget.</summary>
        public bool IsSpent
        {
            get { return _row.Count >= _segmentsMax - _reserveSegments; }
        }

        /// <summary>True when the oldest segment holds nothing that the hub has not receipted.</summary>
        public bool IsOldestDone(uint acknowledged)
        {
            return _row.Count > 0 && _row.EndOf(0) - 1 <= acknowledged;
        }

        /// <summary>Makes room for one segment more. False when there is none and nothing may go for it.</summary>
        /// <param name="isPersonsCall">May take a reserved place.</param>
        public bool MakeRoom(bool isPersonsCall, uint acknowledged)
        {
            int limit = isPersonsCall ? _segmentsMax : _segmentsMax - _reserveSegments;
            while (_row.Count >= limit)
            {
                if (!IsOldestDone(acknowledged))
                {
                    if (!_mayEvict)
                    {
                        return false;
                    }

                    Evicted++;
                }

                if (!DeleteOldest())
                {
                    // The spare rows bound how far a flash that refuses to delete can push us over the budget.
                    return !_row.IsFull;
                }
            }

            return true;
        }

        /// <summary>Deletes the oldest segment if the hub has receipted all of it and the row is within one of its budget: done when idle, so that a press need not.</summary>
        public bool TidyOne(uint acknowledged)
        {
            return _row.Count >= _segmentsMax - 1 - _reserveSegments && _row.Count > 1 && IsOldestDone(acknowledged) && DeleteOldest();
        }

        /// <summary>A power cut before the delete leaves one acknowledged (or doomed) segment more; after it, the row is as it is in RAM.</summary>
        private bool DeleteOldest()
        {
            try
            {
                _flash.Delete(_row.NameOf(0));
            }
            catch (IOException)
            {
                return false;
            }

            _row.RemoveOldest();
            return true;
        }
    }
}
