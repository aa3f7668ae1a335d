namespace Snippet
{
    public static class Uses
    {
        public static string Text(double d)
        {
            return d.ToString();
        }
    }
}
