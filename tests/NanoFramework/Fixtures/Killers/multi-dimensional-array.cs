namespace Snippet
{
    public static class Uses
    {
        public static int Corner(int n)
        {
            int[,] table = new int[n, n];
            return table[0, 0];
        }
    }
}
