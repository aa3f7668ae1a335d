// expects: CS0234
namespace Snippet
{
    public static class Uses
    {
        public static System.Threading.Tasks.Task Try()
        {
            return null;
        }
    }
}
