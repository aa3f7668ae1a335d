using Gateway.Firmware.Configuration;
using Gateway.Firmware.Delivery;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Service
{
    /// <summary>
    /// The commands of the service header: <c>help</c>, <c>status</c>, <c>set</c>, <c>test</c>, <c>journal</c>. The first provisioning goes through it, too:
    /// it runs without an app. No answer holds a secret, and nothing typed is echoed.
    /// </summary>
    public sealed class ServiceDesk
    {
        /// <summary>While an answer is on its way, how soon the next step is wanted, ms.</summary>
        public const int OutputPollMs = 10;

        /// <summary>Bytes taken per step; the port keeps the rest.</summary>
        private const int BytesPerStepMax = 64;

        private readonly IServicePort _port;
        private readonly ConfigurationDesk _configuration;
        private readonly GatewayApp _app;
        private readonly ServiceLine _line = new ServiceLine();
        private readonly ServiceOutput _output;
        private readonly byte[] _taken = new byte[BytesPerStepMax];

        /// <param name="app">Null when the board is not provisioned yet.</param>
        public ServiceDesk(IServicePort port, ConfigurationDesk configuration, GatewayApp app)
        {
            _port = port;
            _configuration = configuration;
            _app = app;
            _output = new ServiceOutput(port);
        }

        /// <summary>Something was saved that needs a restart, and the answer has left.</summary>
        public bool RestartDue
        {
            get { return _configuration.NeedsRestart && !_output.IsWaiting; }
        }

        /// <summary>Lines refused since boot.</summary>
        public int RefusedLines { get; private set; }

        /// <summary>An answer is on its way: step again after <see cref="OutputPollMs"/>.</summary>
        public bool IsBusy
        {
            get { return _output.IsWaiting; }
        }

        public void Step(long nowMs)
        {
            _output.Step();
            if (_output.IsWaiting)
            {
                return;
            }

            int count = _port.Read(_taken);
            for (int i = 0; i < count; i++)
            {
                switch (_line.Take(_taken[i]))
                {
                    case ServiceLine.Whole:
                        Execute(_line.Text, nowMs);
                        break;
                    case ServiceLine.Refused:
                        RefusedLines++;
                        _output.Line("error: not a line of 1 to 120 printable characters");
                        break;
                }

                _taken[i] = 0;
            }
        }

        private void Execute(string line, long nowMs)
        {
            string command = Word(line);
            string rest = Rest(line);
            switch (command)
            {
                case "help": Help(); break;
                case "status": Status(); break;
                case "set": Set(rest); break;
                case "test": Test(nowMs); break;
                case "journal": Journal(); break;
                default:
                    RefusedLines++;
                    _output.Line("error: unknown command; try help");
                    break;
            }
        }

        private void Help()
        {
            _output.Line("status            what the board knows of itself");
            _output.Line("set               all settings, secrets as ***");
            _output.Line("set NAME VALUE    into the draft; no value: back to the default");
            _output.Line("set save          the draft, whole or not at all; restarts where needed");
            _output.Line("set drop          forgets the draft");
            _output.Line("test              the self-test");
            _output.Line("journal           lanes, cursors, what recovery found");
        }

        private void Status()
        {
            _output.Line("firmware " + BoardFacts.FirmwareVersion);
            if (_app == null)
            {
                _output.Line("not provisioned: " + _configuration.Error);
                return;
            }

            AppStatus status = _app.Status;
            _output.Line("device " + _configuration.Settings.Device);
            _output.Line("boot " + status.Boot.ToString() + " restart " + status.RestartReason);
            _output.Line("link " + (status.Online ? "online" : status.Link == LinkState.Up ? "up" : status.Link == LinkState.Connecting ? "connecting" : "down"));
            _output.Line("backlog call " + status.CallBacklog.ToString() + " event " + status.EventBacklog.ToString() + " ram " + status.VolatileBacklog.ToString());
            _output.Line("stage " + status.Stage + " mains " + OnOff(status.MainsPresent) + " safe mode " + OnOff(status.SafeMode) + " test mode " + OnOff(status.TestMode));
            _output.Line("overruns " + status.Overruns.ToString() + " step errors " + status.StepErrors.ToString() + " refused " + status.Refused.ToString());
            string faults = "";
            for (int fault = 0; fault < FaultId.Count; fault++)
            {
                faults += (status.Faults & (1u << fault)) != 0 ? " " + FaultId.Name(fault) : "";
            }

            _output.Line("faults" + (faults.Length == 0 ? " none" : faults));
            for (int refusal = 0; refusal < Refusal.Count; refusal++)
            {
                if (_app.Refused(refusal) > 0)
                {
                    _output.Line("refused " + Refusal.Name(refusal) + " " + _app.Refused(refusal).ToString());
                }
            }
        }

        private void Set(string rest)
        {
            if (rest.Length == 0)
            {
                for (int i = 0; i < _configuration.Table.Count; i++)
                {
                    Setting setting = _configuration.Table.At(i);
                    _output.Line(setting.Name + " " + _configuration.Show(setting));
                }

                _output.Line("draft " + _configuration.DraftCount.ToString());
                return;
            }

            string name = Word(rest);
            string error;
            if (name == "save")
            {
                error = _configuration.Save();
            }
            else if (name == "drop")
            {
                _configuration.Discard();
                error = null;
            }
            else
            {
                error = _configuration.Set(name, Rest(rest));
            }

            _output.Line(error == null ? "ok" : "error: " + error);
        }

        private void Test(long nowMs)
        {
            if (_app == null)
            {
                _output.Line("error: not provisioned");
                return;
            }

            string failed = _app.RunSelfTest(nowMs);
            _output.Line(failed.Length == 0 ? "ok" : "failed: " + failed);
        }

        private void Journal()
        {
            if (_app == null)
            {
                _output.Line("error: not provisioned");
                return;
            }

            SignalJournal journal = _app.Journal;
            Lane(journal.Calls);
            Lane(journal.Events);
            RecoveryReport report = journal.Report;
            _output.Line("recovery records " + report.Records.ToString() + " damaged " + report.DamagedRecords.ToString() + " segments damaged " + report.DamagedSegments.ToString());
            _output.Line("state lost " + OnOff(report.StateLost) + " not saved " + OnOff(report.StateNotSaved) + " started empty " + OnOff(report.StartedEmpty));
        }

        private void Lane(Lane lane)
        {
            _output.Line(LaneId.Name(lane.Id) + " epoch " + lane.Epoch.ToString("X8") + " oldest " + lane.Oldest.ToString() + " next " + lane.Next.ToString()
                + " receipted " + lane.Acknowledged.ToString() + " segments " + lane.SegmentCount.ToString() + " evicted " + lane.EvictedSegments.ToString());
        }

        private static string OnOff(bool on)
        {
            return on ? "on" : "off";
        }

        private static string Word(string text)
        {
            int space = text.IndexOf(' ');
            return space < 0 ? text : text.Substring(0, space);
        }

        private static string Rest(string text)
        {
            int space = text.IndexOf(' ');
            return space < 0 ? "" : text.Substring(space + 1).Trim();
        }
    }
}
