using System;

namespace Gateway.Firmware.Journal
{
    /// <summary>The segment files of one lane in the order of their numbers: name, first number, slots begun. RAM only; the flash is asked by others.</summary>
    public sealed class SegmentRow
    {
        private readonly string[] _names;
        private readonly uint[] _first;
        private readonly int[] _slots;

        /// <param name="rowsMax">Segments at most, spare ones included.</param>
        public SegmentRow(int rowsMax)
        {
            _names = new string[rowsMax];
            _first = new uint[rowsMax];
            _slots = new int[rowsMax];
        }

        public int Count { get; private set; }

        public bool IsFull
        {
            get { return Count == _names.Length; }
        }

        public string NameOf(int i)
        {
            return _names[i];
        }

        public uint FirstOf(int i)
        {
            return _first[i];
        }

        public int SlotsOf(int i)
        {
            return _slots[i];
        }

        public void SetSlots(int i, int slots)
        {
            _slots[i] = slots;
        }

        /// <summary>The number after the last slot of segment <paramref name="i"/>.</summary>
        public uint EndOf(int i)
        {
            return _first[i] + (uint)_slots[i];
        }

        /// <summary>A segment whose numbers lie above all others. The row must not be full.</summary>
        public void Add(string name, uint first, int slots)
        {
            _names[Count] = name;
            _first[Count] = first;
            _slots[Count] = slots;
            Count++;
        }

        /// <summary>A segment found on flash, put where its numbers belong. When the row is full, the oldest is left out.</summary>
        public void Insert(string name, uint first)
        {
            if (IsFull)
            {
                if (first < _first[0])
                {
                    return;
                }

                RemoveOldest();
            }

            int at = Count;
            while (at > 0 && _first[at - 1] > first)
            {
                _names[at] = _names[at - 1];
                _first[at] = _first[at - 1];
                at--;
            }

            _names[at] = name;
            _first[at] = first;
            Count++;
        }

        public void RemoveOldest()
        {
            Count--;
            Array.Copy(_names, 1, _names, 0, Count);
            Array.Copy(_first, 1, _first, 0, Count);
            Array.Copy(_slots, 1, _slots, 0, Count);
            _names[Count] = null;
        }
    }
}
