using Gateway.Firmware.Journal;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// One zone: the input that it watches and what an alarm there means. Written as <c>INPUT KIND [life] [disarm=HHMM-HHMM] [name=TEXT]</c>
    /// (PROTOCOL.md, section 10); never changed once parsed.
    /// </summary>
    public sealed class ZoneSettings
    {
        /// <summary>Zones 1 and 2 are the buttons; 3..8 are configurable, one for each input.</summary>
        public const int First = 3;

        public const int CountMax = 6;

        private const string DisarmWord = "disarm=";
        private const string NameWord = "name=";

        /// <summary>As it was written, and as it is reported.</summary>
        public readonly string Text;

        private ZoneSettings(string text)
        {
            Text = text;
        }

        /// <summary>A <see cref="ZoneInput"/>; None: there is no such zone.</summary>
        public int Input { get; private set; }

        public int Kind { get; private set; }

        /// <summary>Its signals travel in the call lane: smoke and gas always, others where marked.</summary>
        public bool IsLife { get; private set; }

        /// <summary>Minutes of the local day from which alarms are not sent; equal to <see cref="ArmMin"/> when it is always armed.</summary>
        public int DisarmMin { get; private set; }

        /// <summary>Minutes of the local day from which alarms are sent again.</summary>
        public int ArmMin { get; private set; }

        public string Name { get; private set; } = "";

        public bool IsUsed
        {
            get { return Input != ZoneInput.None; }
        }

        public bool HasSchedule
        {
            get { return DisarmMin != ArmMin; }
        }

        /// <summary>Bouncing may shut it down: not what life depends on, not tamper, not a key that a person turns.</summary>
        public bool MaySwing
        {
            get { return !IsLife && Kind != SignalKind.Tamper && Kind != SignalKind.Patrol; }
        }

        /// <summary>Null when the text is not of that form. An empty one is a zone that is not used.</summary>
        public static ZoneSettings Parse(string text)
        {
            ZoneSettings zone = new ZoneSettings(text);
            return text.Length == 0 || zone.Read() ? zone : null;
        }

        private bool Read()
        {
            int at = 0;
            Input = ZoneInput.Of(Word(ref at));
            Kind = KindOf(Word(ref at));
            bool mayBeMarked = Kind == SignalKind.Door || Kind == SignalKind.Pen || Kind == SignalKind.Water || Kind == SignalKind.Sensor;
            IsLife = Kind == SignalKind.Smoke || Kind == SignalKind.Gas;
            if (Input == ZoneInput.None || Kind == 0 || (Kind == SignalKind.Patrol && ZoneInput.IsLoop(Input)))
            {
                // A turned key is one fact: a loop's repaired wire must not look like one.
                return false;
            }

            string word = Peek(at);
            if (mayBeMarked && word == "life")
            {
                Word(ref at);
                IsLife = true;
                word = Peek(at);
            }

            if (StartsWith(word, DisarmWord))
            {
                Word(ref at);
                if (Kind != SignalKind.Door || IsLife || !ReadSchedule(word))
                {
                    return false;
                }
            }

            return ReadName(at);
        }

        private bool ReadName(int at)
        {
            if (at >= Text.Length)
            {
                // A space at the end leaves nothing behind it.
                return at > Text.Length;
            }

            string rest = Text.Substring(at);
            if (!StartsWith(rest, NameWord) || rest.Length == NameWord.Length)
            {
                return false;
            }

            Name = rest.Substring(NameWord.Length);
            return true;
        }

        /// <summary>disarm=HHMM-HHMM with two different times of a day; the second may be the earlier one: over midnight.</summary>
        private bool ReadSchedule(string word)
        {
            if (word.Length != DisarmWord.Length + 9 || word[DisarmWord.Length + 4] != '-')
            {
                return false;
            }

            DisarmMin = MinuteOfDay(word, DisarmWord.Length);
            ArmMin = MinuteOfDay(word, DisarmWord.Length + 5);
            return DisarmMin >= 0 && ArmMin >= 0 && HasSchedule;
        }

        /// <summary>-1 when the four characters are no time of a day.</summary>
        private static int MinuteOfDay(string text, int at)
        {
            int number = 0;
            for (int i = at; i < at + 4; i++)
            {
                if (text[i] < '0' || text[i] > '9')
                {
                    return -1;
                }

                number = (number * 10) + (text[i] - '0');
            }

            int hours = number / 100;
            int minutes = number % 100;
            return hours < 24 && minutes < 60 ? (hours * 60) + minutes : -1;
        }

        /// <summary>The word that begins at a place, which then lies behind the space after it: one past the end and one more when it was the last.</summary>
        private string Word(ref int at)
        {
            string word = Peek(at);
            at += word.Length + 1;
            return word;
        }

        private string Peek(int at)
        {
            if (at >= Text.Length)
            {
                return "";
            }

            int end = at;
            while (end < Text.Length && Text[end] != ' ')
            {
                end++;
            }

            return Text.Substring(at, end - at);
        }

        private static bool StartsWith(string text, string start)
        {
            return text.Length >= start.Length && text.Substring(0, start.Length) == start;
        }

        /// <summary>0 for a word that names no kind of a zone.</summary>
        private static int KindOf(string word)
        {
            switch (word)
            {
                case "smoke": return SignalKind.Smoke;
                case "gas": return SignalKind.Gas;
                case "door": return SignalKind.Door;
                case "pen": return SignalKind.Pen;
                case "water": return SignalKind.Water;
                case "sensor": return SignalKind.Sensor;
                case "tamper": return SignalKind.Tamper;
                case "mains": return SignalKind.Mains;
                case "patrol": return SignalKind.Patrol;
                default: return 0;
            }
        }
    }
}
