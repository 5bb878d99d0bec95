using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Fleet.Hosting;

namespace Fleet.Users;

/// <summary>The customers that an instance knows.</summary>
internal sealed class UserDirectory
{
    private readonly FrozenDictionary<string, User> _demo = DemoUsers.All.ToFrozenDictionary(u => u.Id);
    private readonly FrozenSet<string> _demoMobiles = DemoUsers.All.Select(u => u.Mobile.E164).ToFrozenSet();
    private readonly RecentItems<string, User> _byId = new();
    private readonly RecentItems<string, User> _byMobile = new();

    public bool TryGet(string id, [MaybeNullWhen(false)] out User user) => _demo.TryGetValue(id, out user) || _byId.TryGet(id, out user);

    /// <summary>Adds a customer; false when the mobile number has an account.</summary>
    public bool TryAdd(User user)
    {
        if (_demoMobiles.Contains(user.Mobile.E164) || !ReferenceEquals(_byMobile.GetOrAdd(user.Mobile.E164, user), user))
        {
            return false;
        }

        _byId.Set(user.Id, user);
        return true;
    }
}
