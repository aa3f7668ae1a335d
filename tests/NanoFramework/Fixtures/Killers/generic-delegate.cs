// expects: generic-type
namespace Snippet
{
    public static class Uses
    {
        public static int Twice(System.Func<int, int> f)
        {
            return f(2);
        }
    }
}
