namespace Snippet
{
    public enum Lamp
    {
        Red,
    }

    public static class Uses
    {
        public static string Text(Lamp lamp)
        {
            return lamp.ToString();
        }
    }
}
