using CsCheck;
using Fleet.Hosting;

namespace Fleet.Tests.Hosting;

public sealed class RecentItemsTests
{
    private const int Capacity = 4;

    /// <summary>The model is a plain list of pairs, oldest first.</summary>
    [Fact]
    public void It_holds_what_a_list_that_forgets_its_oldest_would_hold()
    {
        var operation = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 7], Gen.Int);
        operation.List[0, 60].Sample(operations =>
        {
            var items = new RecentItems<int, int>(Capacity);
            var model = new List<(int Key, int Value)>();
            foreach (var (kind, key, value) in operations)
            {
                var index = model.FindIndex(p => p.Key == key);
                switch (kind)
                {
                    case 0:
                        items.Set(key, value);
                        Store(model, index, key, value);
                        break;
                    case 1:
                        Assert.Equal(index < 0 ? value : model[index].Value, items.GetOrAdd(key, value));
                        Store(model, index, key, index < 0 ? value : model[index].Value);
                        break;
                    default:
                        items.Remove(key);
                        model.RemoveAll(p => p.Key == key);
                        break;
                }

                Assert.All(Enumerable.Range(0, 8), k => Assert.Equal(
                    model.Where(p => p.Key == k).Select(p => (int?)p.Value).SingleOrDefault(),
                    items.TryGet(k, out var found) ? found : null));
            }
        });
    }

    private static void Store(List<(int Key, int Value)> model, int index, int key, int value)
    {
        if (index >= 0)
        {
            model[index] = (key, value);
            return;
        }

        if (model.Count == Capacity)
        {
            model.RemoveAt(0);
        }

        model.Add((key, value));
    }
}
