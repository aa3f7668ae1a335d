using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// The stored configuration in two copies. While one is on trial the other holds the last good one and is not touched; once it is good, both
    /// are made to hold it. So a cut at any step leaves a good configuration, or the trial of a new one beside it (CONFIGURATION.md).
    /// </summary>
    public sealed class ConfigurationStore
    {
        private readonly IFlash _flash;
        private readonly ConfigurationFile _file;
        private bool _currentIsA;

        public ConfigurationStore(IFlash flash)
        {
            _flash = flash;
            _file = new ConfigurationFile(flash);
        }

        /// <summary>The newest: good, or on trial. Before anything was stored: an empty one.</summary>
        public StoredConfiguration Current { get; private set; } = new StoredConfiguration();

        /// <summary>What comes back when the trial fails: empty when nothing was stored before it. Null when there is no trial.</summary>
        public StoredConfiguration LastGood { get; private set; }

        /// <summary>There were files, and none of them was sound.</summary>
        public bool IsDamaged { get; private set; }

        /// <summary>The good configuration is in one copy only.</summary>
        public bool IsCopyDue { get; private set; }

        /// <summary>Reads both copies; writes nothing.</summary>
        public void Load()
        {
            StoredConfiguration a = _file.Load(ConfigurationFile.NameA);
            StoredConfiguration b = _file.Load(ConfigurationFile.NameB);
            if (a == null && b == null)
            {
                IsDamaged = HasContent(ConfigurationFile.NameA) || HasContent(ConfigurationFile.NameB);
                return;
            }

            _currentIsA = b == null || (a != null && a.Generation > b.Generation);
            Current = _currentIsA ? a : b;
            StoredConfiguration other = _currentIsA ? b : a;
            if (Current.IsTrial)
            {
                LastGood = other != null && !other.IsTrial ? other : new StoredConfiguration();
            }

            IsCopyDue = !Current.IsTrial && (other == null || other.IsTrial || other.Generation + 1 != Current.Generation);
        }

        /// <summary>Puts a new one on trial. False when the flash refused: all is as before, as far as this boot knows.</summary>
        public bool Try(StoredConfiguration trial)
        {
            trial.IsTrial = true;
            trial.Outcome = ConfigurationState.Trial;
            trial.Reason = RollbackReason.None;
            trial.Judged = trial.Version;
            trial.TrialBoots = 0;

            // A trial in the place of a trial: the last good one stays where it is. A cut leaves that, or the new trial beside it.
            bool inA = Current.IsTrial ? _currentIsA : !_currentIsA;
            if (!Put(trial, inA))
            {
                return false;
            }

            LastGood = Current.IsTrial ? LastGood : Current;
            Adopt(trial, inA);
            IsCopyDue = false;
            return true;
        }

        /// <summary>One more boot under the trial. False when that could not be noted.</summary>
        public bool CountBoot()
        {
            StoredConfiguration counted = Current.Copy();
            counted.TrialBoots++;
            return Rewrite(counted);
        }

        /// <summary>The trial is good. In its own place: a cut that breaks it leaves the last good one, and the hub sends the new one again.</summary>
        public bool Confirm()
        {
            StoredConfiguration good = Current.Copy();
            good.IsTrial = false;
            good.Outcome = ConfigurationState.Applied;
            if (!Rewrite(good))
            {
                return false;
            }

            LastGood = null;
            IsCopyDue = true;
            return true;
        }

        /// <summary>The trial failed: the last good one takes its place too, and its version is noted so that it is never tried again.</summary>
        public bool RollBack(int reason)
        {
            StoredConfiguration back = LastGood.Copy();
            back.Judged = Current.Judged;
            back.Sum = Current.Sum;
            back.Outcome = ConfigurationState.RolledBack;
            back.Reason = reason;
            back.Generation = Current.Generation;
            if (!Rewrite(back))
            {
                return false;
            }

            LastGood = null;
            IsCopyDue = true;
            return true;
        }

        /// <summary>Other settings under the same version, set at the box; not while one is on trial. A cut leaves the copy of before.</summary>
        public bool Replace(byte[] content)
        {
            StoredConfiguration changed = Current.Copy();
            changed.Content = content;
            changed.IsLocal = true;
            if (!Put(changed, !_currentIsA))
            {
                return false;
            }

            Adopt(changed, !_currentIsA);
            IsCopyDue = true;
            return true;
        }

        /// <summary>Makes the other copy the same as the current one.</summary>
        public bool Copy()
        {
            StoredConfiguration copy = Current.Copy();
            if (!Put(copy, !_currentIsA))
            {
                return false;
            }

            Adopt(copy, !_currentIsA);
            IsCopyDue = false;
            return true;
        }

        /// <summary>CRC-32 of a payload, to know it again.</summary>
        public uint SumOf(byte[] bytes, int count)
        {
            return _file.SumOf(bytes, count);
        }

        private bool Rewrite(StoredConfiguration changed)
        {
            if (!Put(changed, _currentIsA))
            {
                return false;
            }

            Adopt(changed, _currentIsA);
            return true;
        }

        private bool Put(StoredConfiguration stored, bool inA)
        {
            stored.Generation = Current.Generation + 1;
            return _file.Save(inA ? ConfigurationFile.NameA : ConfigurationFile.NameB, stored);
        }

        private void Adopt(StoredConfiguration stored, bool isInA)
        {
            Current = stored;
            _currentIsA = isInA;
        }

        /// <summary>An empty file is what a cut leaves of a first save, and no damage.</summary>
        private bool HasContent(string name)
        {
            try
            {
                return _flash.Exists(name) && _flash.Length(name) > 0;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }
}
