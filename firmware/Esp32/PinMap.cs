namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// GPIO numbers of the ESP32-DevKitC V4 with ESP32-WROOM-32E. The data behind them, with pulls, strapping rules and nets, is
    /// hardware/pinmap.json; tests/Hardware fails when the two differ. Change the data first.
    /// </summary>
    public static class PinMap
    {
        // Digital inputs. Pull-ups and drivers are on the carrier: open the pins as plain inputs.
        public const int HelpPin = 27;
        public const int SilentPin = 26;
        public const int CancelPin = 25;
        public const int ResetKeyPin = 23;
        public const int Contact1Pin = 22;
        public const int Contact2Pin = 21;
        public const int TamperPin = 19;
        public const int PatrolKeyPin = 18;
        public const int MainsPresentPin = 17;

        // Outputs, high = on. The ULQ2003A on the carrier holds them low through reset.
        public const int JournalledPin = 14;
        public const int ReceivedPin = 2;
        public const int AcceptedPin = 12;
        public const int OnTheWayPin = 15;
        public const int HealthPin = 13;
        public const int BuzzerPin = 4;
        public const int SirenPin = 16;

        // Analogue inputs, ADC1 only (ADC2 stops while Wi-Fi runs), in the order of the channels of IAnalog.
        public const int Loop1Pin = 36;
        public const int Loop2Pin = 39;
        public const int Loop3Pin = 34;
        public const int Loop4Pin = 35;
        public const int BatteryPin = 33;
        public const int HelpLoopPin = 32;

        // The channel numbers that AdcController.OpenChannel takes for those pins.
        public const int Loop1AdcChannel = 0;
        public const int Loop2AdcChannel = 3;
        public const int Loop3AdcChannel = 6;
        public const int Loop4AdcChannel = 7;
        public const int BatteryAdcChannel = 5;
        public const int HelpLoopAdcChannel = 4;

        // Service header, COM2. COM1 (GPIO 1 and 3) belongs to the debugger.
        public const int ServiceTxPin = 5;
        public const int ServiceRxPin = 0;

        /// <summary>
        /// The pin level that means "asserted". Buttons, keys and mains sense pull low; door contacts and the lid switch are closed at rest,
        /// so that a cut wire is an alarm: there, high is asserted.
        /// </summary>
        public static bool IsAssertedHigh(int input)
        {
            return input == Ports.InputId.Contact1 || input == Ports.InputId.Contact2 || input == Ports.InputId.Tamper;
        }
    }
}
