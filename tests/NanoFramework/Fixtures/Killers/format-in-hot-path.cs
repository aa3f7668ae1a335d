namespace Gateway.Firmware.Journal
{
    public static class Uses
    {
        public static string Text(int n)
        {
            return $"record {n}";
        }
    }
}
