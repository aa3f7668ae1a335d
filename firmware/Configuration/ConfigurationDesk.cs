using Gateway.Firmware.Delivery;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Configuration
{
    /// <summary>
    /// Decides which settings are in force: the provisioning file under the stored configuration. Judges what the hub desires and what a technician
    /// sets at the box, has it made durable, and takes back what does not reach the hub. All of that is rare: it may allocate.
    /// </summary>
    public sealed class ConfigurationDesk
    {
        /// <summary>Boots under a trial before it is taken back ([GW-43]).</summary>
        public const int TrialBootsMax = 2;

        /// <summary>A call that waits this long for its receipt ends a trial ([GW-43]), ms.</summary>
        public const int UndeliveredMs = 20000;

        /// <summary>After a write that the flash refused, ms.</summary>
        public const int RetryMs = 10000;

        private readonly IFlash _flash;
        private readonly SettingsParser _parser = new SettingsParser();
        private readonly ConfigurationStore _store;
        private readonly SettingsDraft _draft;
        private readonly GatewaySettings _provisioned;
        private readonly string _fileError;
        private readonly GatewaySettings _settings = new GatewaySettings();
        private StoredConfiguration _pending;
        private long _deadlineMs = -1;
        private long _waitingSinceMs = -1;
        private long _retryMs;
        private bool _isTrial;
        private bool _isVirtual;
        private bool _bornUnderIt;
        private bool _reached;
        private int _rollback;

        /// <summary>Reads the flash: the provisioning file, and the stored configuration over it.</summary>
        public ConfigurationDesk(IFlash flash)
            : this(flash, null)
        {
        }

        /// <param name="provisioned">Stands in for the provisioning file; null: the file is read.</param>
        public ConfigurationDesk(IFlash flash, GatewaySettings provisioned)
        {
            _flash = flash;
            _store = new ConfigurationStore(flash);
            _draft = new SettingsDraft(_parser);
            _provisioned = provisioned ?? SettingsStore.Provisioned(flash, _parser, out _fileError) ?? new GatewaySettings();
            _store.Load();
            IsDamaged = _store.IsDamaged || _fileError != null;
            Resume();
        }

        /// <summary>The settings in force: one object for all who use them, filled anew when others are put into force.</summary>
        public GatewaySettings Settings
        {
            get { return _settings; }
        }

        /// <summary>Why the board cannot run on what it found; null when it can. Then only <see cref="Set"/>, <see cref="Save"/> and a restart help.</summary>
        public string Error { get; private set; }

        /// <summary>A stored configuration could not be used: an older one, or the provisioning file, is in force.</summary>
        public bool IsDamaged { get; private set; }

        /// <summary>Other settings came into force: the board's parts are to take them over, then <see cref="ChangeTaken"/>.</summary>
        public bool HasChanged { get; private set; }

        /// <summary>With <see cref="HasChanged"/>: the way to the hub is another one.</summary>
        public bool HasLinkChanged { get; private set; }

        /// <summary>Something was saved that is read at a boot only.</summary>
        public bool NeedsRestart { get; private set; }

        /// <summary>What the hub is told of it.</summary>
        public ConfigurationReport Report { get; } = new ConfigurationReport();

        public bool IsLocal
        {
            get { return _store.Current.IsLocal; }
        }

        /// <summary><see cref="Step"/> has nothing to do, now and later.</summary>
        public bool IsAtRest
        {
            get { return !_isTrial && _rollback == RollbackReason.None && _pending == null && !_store.IsCopyDue && !HasChanged && !Report.IsDue; }
        }

        public bool IsOnTrial
        {
            get { return _isTrial; }
        }

        public SettingsTable Table
        {
            get { return _parser.Table; }
        }

        /// <summary>This is a virtual board, whatever its files say.</summary>
        public void MarkVirtual()
        {
            _isVirtual = true;
            _settings.Virtual = true;
        }

        public void ChangeTaken()
        {
            HasChanged = false;
            HasLinkChanged = false;
        }

        /// <summary>A birth was handed to the link under the settings in force: the report follows it.</summary>
        public void Born()
        {
            _bornUnderIt = true;
            Report.Ask();
        }

        /// <summary>The hub has answered the newest birth.</summary>
        public void Heard()
        {
            _reached = _reached || _bornUnderIt;
        }

        /// <summary>Judges a desired configuration whose authenticity, form and hub are established.</summary>
        /// <param name="count">Bytes of the payload before its MAC.</param>
        /// <returns>A <see cref="Refusal"/>; None also when it is answered as refused.</returns>
        public int TakeDesired(FlatJson json, byte[] payload, int count)
        {
            if (!json.TryNumber("version", 1, int.MaxValue, out long version) || !json.TryNumber("schema", 1, 255, out long schema))
            {
                return Refusal.MissingMember;
            }

            uint sum = _store.SumOf(payload, count);
            StoredConfiguration newest = _pending ?? _store.Current;
            int judged = _pending == null ? newest.Judged : newest.Version;
            bool isOther = newest.Sum != 0 && sum != newest.Sum;
            if (version < judged || (version == judged && isOther))
            {
                return Refusal.OldVersion;
            }

            if (version == judged)
            {
                if (_pending == null)
                {
                    TellJudged();
                }

                return Refusal.None;
            }

            string error = schema != SettingsTable.Schema ? "schema:schema" : _parser.Take(json, new GatewaySettings(), true);
            if (error == null)
            {
                SettingsDocument document = new SettingsDocument();
                document.PutFrom(json, Table, true);
                document.PutFrom(Members(_store.Current.Content), Table, false);
                error = Stage((int)version, sum, document);
            }

            if (error != null)
            {
                Report.Tell((int)version, sum, ConfigurationState.Refused, error);
            }

            return Refusal.None;
        }

        /// <summary>For a quiet moment, at most one write: ends or begins a trial, or makes the second copy.</summary>
        /// <param name="callWaits">Some call has no receipt yet.</param>
        /// <returns>True when it wrote.</returns>
        public bool Step(bool callWaits, long nowMs)
        {
            _waitingSinceMs = !callWaits ? -1 : _waitingSinceMs < 0 ? nowMs : _waitingSinceMs;
            if (_isTrial)
            {
                JudgeTrial(nowMs);
            }

            if (nowMs < _retryMs)
            {
                return false;
            }

            bool done;
            if (_rollback != RollbackReason.None)
            {
                done = _store.RollBack(_rollback);
                _rollback = done ? RollbackReason.None : _rollback;
            }
            else if (_isTrial && _reached)
            {
                done = EndTrial();
            }
            else if (_pending != null && !callWaits && !NeedsRestart)
            {
                done = Begin();
            }
            else if (_store.IsCopyDue)
            {
                done = _store.Copy();
            }
            else
            {
                return false;
            }

            _retryMs = done ? 0 : nowMs + RetryMs;
            return true;
        }

        /// <summary>Sets one setting of the draft, by the name it has in the provisioning file. Null, or the error by name; the value is never quoted.</summary>
        /// <param name="value">Empty: back to the provisioning file or the default; of a zone: no such zone.</param>
        public string Set(string name, string value)
        {
            return _draft.Set(name, value);
        }

        /// <summary>Settings set and not saved.</summary>
        public int DraftCount
        {
            get { return _draft.Count; }
        }

        public void Discard()
        {
            _draft.Clear();
        }

        /// <summary>
        /// Makes the draft durable, whole or not at all, and puts it into force, without a trial of its own: a person stands at the box. What is read at a boot
        /// only waits for a restart (<see cref="NeedsRestart"/>). Null, or the error by name; the draft is then kept. Not while a desired one is on trial.
        /// </summary>
        public string Save()
        {
            if (_isTrial || _rollback != RollbackReason.None)
            {
                return "trial:config";
            }

            SettingsDocument document = _draft.Over(Members(_store.Current.Content));
            byte[] content = document.End();
            GatewaySettings next = new GatewaySettings();
            string error = document.IsFull ? "out-of-range:config" : Build(content, next);
            if (error != null)
            {
                return error;
            }

            // A cut before the write is done: the settings of before. After it: these.
            if (!_store.Replace(content))
            {
                return "flash:flash";
            }

            next.Version = _store.Current.Version;
            NeedsRestart = NeedsRestart || _draft.NeedsRestart;
            _draft.Clear();
            if (!NeedsRestart)
            {
                PutIntoForce(next);
            }

            Report.Ask();
            return null;
        }

        /// <summary>A setting in force as text; never a secret.</summary>
        public string Show(Setting setting)
        {
            if (setting.IsSecret)
            {
                return "***";
            }

            switch (setting.Type)
            {
                case Setting.Text: return SettingsFields.TextOf(_settings, setting.Name) ?? "";
                case Setting.Number: return SettingsFields.NumberOf(_settings, setting.Name).ToString();
                default: return SettingsFields.FlagOf(_settings, setting.Name) ? "true" : "false";
            }
        }

        /// <summary>At boot: the newest that can be used.</summary>
        private void Resume()
        {
            _isTrial = _store.Current.IsTrial;
            if (_isTrial && _store.Current.TrialBoots >= TrialBootsMax)
            {
                _rollback = RollbackReason.Restarts;
            }

            // A trial whose boot cannot be noted might come back for ever: not in this boot then.
            if (_isTrial && _rollback == RollbackReason.None && !_store.CountBoot())
            {
                _rollback = RollbackReason.Restarts;
            }

            _isTrial = _isTrial && _rollback == RollbackReason.None;
            StoredConfiguration used = _rollback == RollbackReason.None ? _store.Current : _store.LastGood;
            Error = Build(used.Content, _settings);
            if (Error != null && _store.LastGood != null)
            {
                // It passed when it was accepted; a newer firmware may have other bounds.
                IsDamaged = true;
                _isTrial = false;
                _rollback = RollbackReason.Restarts;
                used = _store.LastGood;
                Error = Build(used.Content, _settings);
            }

            if (Error != null && used.Content.Length > 2)
            {
                IsDamaged = true;
                used = new StoredConfiguration();
                Error = Build(used.Content, _settings);
            }

            _settings.Version = used.Version;
            TellJudged();
        }

        /// <summary>Keeps a valid one until a trial may begin. Null, or the offence.</summary>
        private string Stage(int version, uint sum, SettingsDocument document)
        {
            StoredConfiguration next = new StoredConfiguration();
            next.Version = version;
            next.Sum = sum;
            next.Content = document.End();
            string error = document.IsFull ? "out-of-range:config" : Build(next.Content, new GatewaySettings());
            _pending = error == null ? next : _pending;
            return error;
        }

        /// <summary>A cut before the trial is durable: the configuration of before, and the hub sends this one again. After it: the next boot is its second one.</summary>
        private bool Begin()
        {
            StoredConfiguration next = _pending;
            _pending = null;
            if (!_store.Try(next))
            {
                Report.Tell(next.Version, next.Sum, ConfigurationState.Refused, "flash:flash");
                return false;
            }

            GatewaySettings settings = new GatewaySettings();
            Build(next.Content, settings);
            settings.Version = next.Version;
            PutIntoForce(settings);
            _isTrial = true;
            _deadlineMs = -1;
            TellJudged();
            return true;
        }

        private void JudgeTrial(long nowMs)
        {
            if (_deadlineMs < 0)
            {
                _deadlineMs = nowMs + (_settings.TrialMin * 60000L);
            }

            if (_reached)
            {
                return;
            }

            bool isUndelivered = _waitingSinceMs >= 0 && nowMs - _waitingSinceMs >= UndeliveredMs;
            if (isUndelivered || nowMs >= _deadlineMs)
            {
                Revert(isUndelivered ? RollbackReason.Undelivered : RollbackReason.NotReached);
            }
        }

        /// <summary>Back to the last good settings at once; the flash follows as soon as it takes it.</summary>
        private void Revert(int reason)
        {
            StoredConfiguration judged = _store.Current;
            StoredConfiguration good = _store.LastGood;
            GatewaySettings settings = new GatewaySettings();
            Build(good.Content, settings);
            settings.Version = good.Version;
            _isTrial = false;
            _rollback = reason;
            _retryMs = 0;
            PutIntoForce(settings);
            Report.Tell(judged.Judged, judged.Sum, ConfigurationState.RolledBack, RollbackReason.Name(reason));
        }

        private bool EndTrial()
        {
            if (!_store.Confirm())
            {
                return false;
            }

            _isTrial = false;
            TellJudged();
            return true;
        }

        /// <summary>The provisioning file under stored members. Null, or the offence; of a file that could not be used and is not made up for, that of the file.</summary>
        private string Build(byte[] content, GatewaySettings into)
        {
            into.CopyFrom(_provisioned);
            into.Virtual = into.Virtual || _isVirtual;
            FlatJson json = new FlatJson();
            string error = json.Parse(content, content.Length) ? _parser.Take(json, into, false) : "not-json";
            if (error == null)
            {
                error = SettingsParser.Complete(into);
                error = error != null && _fileError != null ? _fileError : error;
            }

            if (error == null && into.UseTls && into.CaCertificatePem == null)
            {
                into.CaCertificatePem = SettingsStore.Certificate(_flash);
                error = into.CaCertificatePem == null ? "no-certificate:tls" : null;
            }

            return error;
        }

        private void PutIntoForce(GatewaySettings next)
        {
            HasLinkChanged = HasLinkChanged || !_settings.HasSameLink(next);
            HasChanged = true;
            _bornUnderIt = false;
            _reached = false;
            _settings.CopyFrom(next);
        }

        private void TellJudged()
        {
            StoredConfiguration current = _store.Current;
            bool isTakenBack = _rollback != RollbackReason.None;
            Report.Tell(
                current.Judged,
                current.Sum,
                isTakenBack ? ConfigurationState.RolledBack : current.Outcome,
                RollbackReason.Name(isTakenBack ? _rollback : current.Reason));
        }

        private static FlatJson Members(byte[] content)
        {
            FlatJson json = new FlatJson();
            json.Parse(content, content.Length);
            return json;
        }
    }
}
