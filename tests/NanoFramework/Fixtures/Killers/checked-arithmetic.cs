namespace Snippet
{
    public static class Uses
    {
        public static int Next(int n)
        {
            return checked(n + 1);
        }
    }
}
