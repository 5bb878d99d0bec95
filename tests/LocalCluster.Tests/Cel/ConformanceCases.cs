namespace LocalCluster.Tests.Cel;

/// <summary>The cases of <see cref="ConformanceTests"/>.</summary>
internal static class ConformanceCases
{
    public static IEnumerable<string> All =>
        [Literals, Arithmetic, Comparisons, Logic, Collections, Macros, Conversions, Times, Strings, Regexes, Lists, Optionals, Kubernetes, Refusals];

    private const string Literals = """
        # whole numbers
        42 => 42
        -42 => -42
        0x1f => 31
        -0xff => -255
        7u => 7u
        0xffU => 255u
        9223372036854775807 => 9223372036854775807
        -9223372036854775808 => -9223372036854775808
        18446744073709551615u => 18446744073709551615u
        9223372036854775808 => refused: invalid int literal
        18446744073709551616u => refused: invalid uint literal
        # numbers with fractions
        1.5 => 1.5
        .5 => 0.5
        1e3 => 1000.0
        1.5e-3 => 0.0015
        1E+2 => 100.0
        123456789.0 => 1.23456789e+08
        # strings and bytes
        'a' => 'a'
        "it's" => 'it's'
        'say "x"' => 'say "x"'
        r'a\nb' => 'a\nb'
        R"\d" => '\d'
        'a\tb' => 'a	b'
        '\x41\u0042\U00000043\103' => 'ABCC'
        '''three ' quotes''' => 'three ' quotes'
        b'abc' => b'abc'
        b'\x41\102' => b'AB'
        size(b'é') => 2
        size('é') => 1
        size('😀') => 1
        '\q' => refused: unable to unescape string
        '\400' => refused: unable to unescape string
        # others
        true => true
        null => null
        [] => []
        [1, 2, 3,] => [1, 2, 3]
        {} => {}
        {'a': 1, 'b': 2} => {'a': 1, 'b': 2}
        1 + 1 // a comment => 2
        """;

    private const string Arithmetic = """
        1 + 2 => 3
        1 - 2 => -1
        2 * 3 + 4 => 10
        2 + 3 * 4 => 14
        (2 + 3) * 4 => 20
        7 / 2 => 3
        -7 / 2 => -3
        7 % 3 => 1
        -7 % 3 => -1
        7 % -3 => 1
        1u + 2u => 3u
        7u / 2u => 3u
        7u % 4u => 3u
        1.5 + 2.25 => 3.75
        1.0 / 4.0 => 0.25
        1.0 / 0.0 => +Inf
        -1.0 / 0.0 => -Inf
        0.0 / 0.0 => NaN
        -(3) => -3
        --3 => 3
        -(-9223372036854775807 - 1) => error: integer overflow
        9223372036854775807 + 1 => error: integer overflow
        -9223372036854775807 - 2 => error: integer overflow
        9223372036854775807 * 2 => error: integer overflow
        -9223372036854775808 / -1 => error: integer overflow
        -9223372036854775808 % -1 => error: integer overflow
        1u - 2u => error: unsigned integer overflow
        18446744073709551615u + 1u => error: unsigned integer overflow
        18446744073709551615u * 2u => error: unsigned integer overflow
        1 / 0 => error: division by zero
        1u / 0u => error: division by zero
        1 % 0 => error: modulus by zero
        1u % 0u => error: modulus by zero
        'a' + 'b' => 'ab'
        b'a' + b'b' => b'ab'
        [1] + [2, 3] => [1, 2, 3]
        [] + [] => []
        dyn(1) + 'a' => error: no such overload
        dyn('a') + dyn('b') => 'ab'
        -dyn('a') => error: no such overload
        """;

    private const string Comparisons = """
        1 == 1 => true
        1 == 2 => false
        1 != 2 => true
        1 < 2 => true
        2 <= 2 => true
        3 > 2 => true
        2 >= 3 => false
        'a' < 'b' => true
        'a' < 'B' => false
        'abc' < 'abd' => true
        'a' < 'aa' => true
        '\uffff' < '\U00010000' => true
        b'a' < b'b' => true
        false < true => true
        # numbers of different types have one order
        dyn(1) == 1u => true
        dyn(1) == 1.0 => true
        1 < 1.5 => true
        2 > 1u => true
        -1 < 1u => true
        1u < 2.5 => true
        1.5 > 1 => true
        9223372036854775807 < 9223372036854775808.0 => true
        dyn(9223372036854775807) == 9223372036854775808.0 => false
        18446744073709551615u < 18446744073709551616.0 => true
        0.0 / 0.0 == 0.0 / 0.0 => false
        0.0 / 0.0 != 0.0 / 0.0 => true
        0.0 / 0.0 < 1.0 => error: NaN values cannot be ordered
        # values of different types are not equal
        dyn('1') == 1 => false
        dyn(null) == 0 => false
        dyn([]) == {} => false
        null == null => true
        [1, 2] == [1, 2] => true
        [1, 2] == [2, 1] => false
        [1] == [1, 1] => false
        dyn([1]) == [1.0] => true
        {'a': 1} == {'a': 1} => true
        {'a': 1, 'b': 2} == {'b': 2, 'a': 1} => true
        {'a': 1} == {'b': 1} => false
        {'a': 1} == {'a': 2} => false
        dyn(1) < 'a' => error: no such overload
        duration('60s') == duration('1m') => true
        timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-01T00:00:01Z') => true
        timestamp('2026-01-01T05:30:00+05:30') == timestamp('2026-01-01T00:00:00Z') => true
        type(1) == int => true
        type(1) == type(2) => true
        type('a') == string => true
        type(1u) == uint => true
        type([]) == list => true
        type({}) == map => true
        type(null) == null_type => true
        type(type(1)) == type => true
        type(duration('1s')) == google.protobuf.Duration => true
        """;

    private const string Logic = """
        true && false => false
        true || false => true
        !true => false
        !!true => true
        true ? 1 : 2 => 1
        false ? 1 : true ? 2 : 3 => 2
        # an error on one side does not matter when the other side decides
        false && 1 / 0 == 1 => false
        1 / 0 == 1 && false => false
        true || 1 / 0 == 1 => true
        1 / 0 == 1 || true => true
        true && 1 / 0 == 1 => error: division by zero
        1 / 0 == 1 && true => error: division by zero
        false || 1 / 0 == 1 => error: division by zero
        1 / 0 == 1 || 1 % 0 == 1 => error: division by zero
        true ? 1 : 1 / 0 => 1
        false ? 1 / 0 : 2 => 2
        1 / 0 == 1 ? 1 : 2 => error: division by zero
        dyn('x') && true => error: no such overload
        dyn('x') && false => false
        dyn('x') || true => true
        !dyn('x') => error: no such overload
        dyn('x') ? 1 : 2 => error: no such overload
        """;

    private const string Collections = """
        [1, 2, 3][1] => 2
        [1, 2, 3][3] => error: index out of bounds: 3
        [1, 2, 3][-1] => error: index out of bounds: -1
        [1, 2][dyn(1.0)] => error: no such overload
        {'a': 1}['a'] => 1
        {'a': 1}.a => 1
        {'a': 1}['b'] => error: no such key: b
        {'a': 1}.b => error: no such key: b
        {1: 'x'}[1] => 'x'
        {1u: 'x', 2u: 'y'}[2u] => 'y'
        {true: 1}[true] => 1
        dyn({1: 'x'})[1.0] => 'x'
        1 in [1, 2] => true
        3 in [1, 2] => false
        'a' in {'a': 1} => true
        'b' in {'a': 1} => false
        dyn(1.0) in [1, 2] => true
        size([1, 2]) => 2
        [1, 2].size() => 2
        size({'a': 1}) => 1
        {'a': 1}.size() => 1
        has({'a': 1}.a) => true
        has({'a': 1}.b) => false
        has({'a': {'b': 1}}.a.b) => true
        has({'a': {'b': 1}}.x.b) => error: no such key: x
        {'a': [{'b': 'c'}]}.a[0].b => 'c'
        """;

    private const string Macros = """
        [1, 2, 3].all(x, x > 0) => true
        [1, 2, 3].all(x, x > 1) => false
        [].all(x, x > 0) => true
        [1, 2, 3].exists(x, x > 2) => true
        [1, 2, 3].exists(x, x > 3) => false
        [].exists(x, true) => false
        [1, 2, 2].exists_one(x, x == 1) => true
        [1, 2, 2].exists_one(x, x == 2) => false
        [1, 2, 2].existsOne(x, x == 1) => true
        [1, 2, 3].map(x, x * 2) => [2, 4, 6]
        [1, 2, 3, 4].map(x, x % 2 == 0, x * 10) => [20, 40]
        [1, 2, 3].filter(x, x > 1) => [2, 3]
        {'a': 1, 'b': 2}.all(k, k < 'c') => true
        {'a': 1, 'b': 2}.exists(k, k == 'b') => true
        {'a': 1, 'b': 2}.map(k, k + '!') => ['a!', 'b!']
        {'a': 1, 'b': 2}.filter(k, k == 'a') => ['a']
        # an error only counts where no other item decides
        [1, 0, 2].exists(x, 4 / x == 2) => true
        [1, 0].all(x, 4 / x == 4) => error: division by zero
        [0, 1].all(x, 4 / x == 5) => false
        [1, 0].exists_one(x, 4 / x == 4) => error: division by zero
        [0].map(x, 1 / x) => error: division by zero
        # nesting and shadowing
        [1, 2].map(x, [3, 4].map(y, x * y)) => [[3, 4], [6, 8]]
        [1, 2].map(x, [10, 20].map(x, x)) => [[10, 20], [10, 20]]
        [[1, 2], [3]].map(l, l.map(x, x + 1)) => [[2, 3], [4]]
        [1, 2].all(x, [3, 4].all(y, y > x)) => true
        [1, 2, 3].filter(x, x > 1).map(x, x * x) => [4, 9]
        [1, 2] + [3].map(x, x + 1) => [1, 2, 4]
        # two variables
        ['a', 'b'].all(i, v, i < 2 && v != 'c') => true
        {'a': 1}.exists(k, v, k == 'a' && v == 1) => true
        [5, 6].existsOne(i, v, v == i + 6) => false
        [5, 7].existsOne(i, v, v == i + 6) => true
        ['a', 'b'].transformList(i, v, string(i) + v) => ['0a', '1b']
        [1, 2, 3].transformList(i, v, i > 0, v) => [2, 3]
        {'a': 1}.transformList(k, v, k) => ['a']
        {'a': 1, 'b': 2}.transformMap(k, v, v * 10) => {'a': 10, 'b': 20}
        {'a': 1, 'b': 2}.transformMap(k, v, v > 1, v) => {'b': 2}
        {'a': 'x'}.transformMapEntry(k, v, {v: k}) => {'x': 'a'}
        {'a': 'x', 'b': 'x'}.transformMapEntry(k, v, {v: k}) => error: insert failed: key x already exists
        """;

    private const string Conversions = """
        int('42') => 42
        int('-42') => -42
        int('4.2') => error: type conversion error from 'string' to 'int'
        int(4.9) => 4
        int(-4.9) => -4
        int(7u) => 7
        int(18446744073709551615u) => error: integer overflow
        int(1e19) => error: integer overflow
        int(duration('1s')) => 1000000000
        int(timestamp('1970-01-01T00:01:00Z')) => 60
        uint('42') => 42u
        uint(42) => 42u
        uint(-1) => error: unsigned integer overflow
        uint(1e20) => error: unsigned integer overflow
        uint('-1') => error: type conversion error from 'string' to 'uint'
        double('1.5') => 1.5
        double(2) => 2.0
        double(2u) => 2.0
        double('NaN') => NaN
        double('-Inf') => -Inf
        double('x') => error: type conversion error from 'string' to 'double'
        string(42) => '42'
        string(42u) => '42'
        string(1.5) => '1.5'
        string(1000000.0) => '1e+06'
        string(0.00001) => '1e-05'
        string(true) => 'true'
        string(b'abc') => 'abc'
        string(b'\xff') => error: invalid UTF-8 in bytes, cannot convert to string
        string(duration('1h30m')) => '5400s'
        string(duration('1500ms')) => '1.5s'
        string(timestamp('2026-01-02T03:04:05.678Z')) => '2026-01-02T03:04:05.678Z'
        bytes('é') => b'é'
        bool('true') => true
        bool('F') => false
        bool('yes') => error: type conversion error from 'string' to 'bool'
        dyn(1) => 1
        type(1) => int
        type([1]) => list
        duration(1000000000) => duration('1s')
        timestamp(0) => timestamp('1970-01-01T00:00:00Z')
        int(string(42)) => 42
        """;

    private const string Times = """
        duration('1h') + duration('30m') => duration('5400s')
        duration('1h') - duration('90m') => duration('-1800s')
        -duration('1s') => duration('-1s')
        duration('1h30m5s') => duration('5405s')
        duration('1.5h') => duration('5400s')
        duration('-1.5s') => duration('-1.5s')
        duration('100us') => duration('0.0001s')
        duration('1ns') => duration('0.000000001s')
        duration('0') => duration('0s')
        duration('1h').getMinutes() => 60
        duration('90m').getHours() => 1
        duration('90s').getSeconds() => 90
        duration('1.234s').getMilliseconds() => 1234
        duration(dyn('1d')) => error: type conversion error from 'string' to 'google.protobuf.Duration'
        duration(dyn('')) => error: type conversion error from 'string' to 'google.protobuf.Duration'
        duration(dyn('s')) => error: type conversion error from 'string' to 'google.protobuf.Duration'
        duration(dyn('2562048h')) => error: type conversion error from 'string' to 'google.protobuf.Duration'
        timestamp('2026-01-31T00:00:00Z') + duration('24h') => timestamp('2026-02-01T00:00:00Z')
        duration('24h') + timestamp('2026-01-31T00:00:00Z') => timestamp('2026-02-01T00:00:00Z')
        timestamp('2026-02-01T00:00:00Z') - duration('1ns') => timestamp('2026-01-31T23:59:59.999999999Z')
        timestamp('2026-02-01T00:00:00Z') - timestamp('2026-01-31T00:00:00Z') => duration('86400s')
        timestamp('9999-12-31T23:59:59Z') + duration('1s') => error: timestamp overflow
        timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z') => error: duration overflow
        timestamp('2026-03-04T05:06:07.089Z').getFullYear() => 2026
        timestamp('2026-03-04T05:06:07.089Z').getMonth() => 2
        timestamp('2026-03-04T05:06:07.089Z').getDate() => 4
        timestamp('2026-03-04T05:06:07.089Z').getDayOfMonth() => 3
        timestamp('2026-03-04T05:06:07.089Z').getDayOfYear() => 62
        timestamp('2026-03-04T05:06:07.089Z').getDayOfWeek() => 3
        timestamp('2026-03-04T05:06:07.089Z').getHours() => 5
        timestamp('2026-03-04T05:06:07.089Z').getMinutes() => 6
        timestamp('2026-03-04T05:06:07.089Z').getSeconds() => 7
        timestamp('2026-03-04T05:06:07.089Z').getMilliseconds() => 89
        timestamp('2026-03-04T20:00:00Z').getHours('Asia/Kolkata') => 1
        timestamp('2026-03-04T20:00:00Z').getMinutes('Asia/Kolkata') => 30
        timestamp('2026-03-04T20:00:00Z').getDate('+05:30') => 5
        timestamp('2026-03-04T05:00:00Z').getDate('-08:00') => 3
        timestamp('2026-03-04T20:00:00Z').getHours('Nowhere/Here') => error: unknown time zone Nowhere/Here
        timestamp(dyn('2026-02-30T00:00:00Z')) => error: type conversion error from 'string' to 'google.protobuf.Timestamp'
        timestamp(dyn('2026-01-01')) => error: type conversion error from 'string' to 'google.protobuf.Timestamp'
        """;

    private const string Strings = """
        'hello'.contains('ell') => true
        'hello'.contains('') => true
        'hello'.startsWith('he') => true
        'hello'.startsWith('lo') => false
        'hello'.endsWith('lo') => true
        'HeLLo É'.lowerAscii() => 'hello É'
        'hello é'.upperAscii() => 'HELLO é'
        '  a b\t\n'.trim() => 'a b'
        'tacocat'.charAt(3) => 'o'
        'tacocat'.charAt(7) => ''
        'tacocat'.charAt(8) => error: index out of range: 8
        'a😀b'.charAt(1) => '😀'
        'a😀b'.charAt(2) => 'b'
        'tacocat'.indexOf('a') => 1
        'tacocat'.indexOf('a', 2) => 5
        'tacocat'.indexOf('x') => -1
        'tacocat'.indexOf('') => 0
        'tacocat'.indexOf('', 3) => 3
        'tacocat'.indexOf('a', -1) => error: index out of range: -1
        'tacocat'.indexOf('a', 99) => -1
        '😀a'.indexOf('a') => 1
        'tacocat'.lastIndexOf('a') => 5
        'tacocat'.lastIndexOf('a', 4) => 1
        'tacocat'.lastIndexOf('tac') => 0
        'tacocat'.lastIndexOf('cat') => 4
        'tacocat'.lastIndexOf('') => 7
        'tacocat'.lastIndexOf('xyzxyzxyz') => -1
        'tacocat'.substring(4) => 'cat'
        'tacocat'.substring(0, 4) => 'taco'
        'tacocat'.substring(4, 4) => ''
        'tacocat'.substring(7) => ''
        'tacocat'.substring(8) => error: invalid substring range. start: 8, end: 7
        'tacocat'.substring(-1) => error: index out of range: -1
        'tacocat'.substring(2, 1) => error: invalid substring range. start: 2, end: 1
        'tacocat'.substring(0, 8) => error: index out of range: 8
        'a😀b'.substring(1, 2) => '😀'
        'hello hello'.replace('he', 'we') => 'wello wello'
        'hello hello'.replace('he', 'we', 1) => 'wello hello'
        'hello hello'.replace('he', 'we', 0) => 'hello hello'
        'abc'.replace('', '-') => '-a-b-c-'
        'abc'.replace('', '-', 2) => '-a-bc'
        'a,b,c'.split(',') => ['a', 'b', 'c']
        'a,b,c'.split(',', 2) => ['a', 'b,c']
        'a,b,c'.split(',', 0) => []
        'abc'.split('') => ['a', 'b', 'c']
        'abc'.split('', 2) => ['a', 'bc']
        ''.split(',') => ['']
        ['a', 'b'].join() => 'ab'
        ['a', 'b'].join(', ') => 'a, b'
        [].join(',') => ''
        strings.quote('a"b\n') => '"a\"b\n"'
        '%s and %d'.format(['a', 1]) => 'a and 1'
        '%s'.format([[1, 'a']]) => '[1, "a"]'
        ['%d'.format([1]), 2] => refused: expected type 'string' but found 'int'
        '%s and %d'.format(['a', dyn(1)]) => 'a and 1'
        '%s'.format([true]) => 'true'
        '%s'.format([null]) => 'null'
        '%s'.format([[1, 2]]) => '[1, 2]'
        '%s'.format([['a']]) => '["a"]'
        '%s'.format([{'b': 1, 'a': 2}]) => '{"a":2, "b":1}'
        '%s'.format([duration('90s')]) => '90s'
        '%.2f'.format([1.005]) => '1.00'
        '%.3f'.format([2.0]) => '2.000'
        '%f'.format([1.5]) => '1.500000'
        '%e'.format([1234.5]) => '1.234500e+03'
        '%b'.format([5]) => '101'
        '%b'.format([-5]) => '-101'
        '%x'.format([255]) => 'ff'
        '%X'.format([255]) => 'FF'
        '%x'.format(['hi']) => '6869'
        '%o'.format([8]) => '10'
        '100%%'.format([]) => '100%'
        '%d'.format(['x']) => error: error during formatting: decimal clause can only be used on integers, was given string
        '%s'.format([]) => error: error during formatting: index 0 out of range
        '%q'.format([1]) => error: could not parse formatting clause: unrecognized formatting clause "q"
        """;

    private const string Regexes = """
        'hello'.matches('l+') => true
        'hello'.matches('^l+$') => false
        matches('hello', 'hel') => true
        'a\n'.matches('a$') => false
        'a\nb'.matches('(?m)^b$') => true
        'a\nb'.matches('a.b') => false
        'a\nb'.matches('(?s)a.b') => true
        'ABC'.matches('(?i)^abc$') => true
        '٣'.matches('\\d') => false
        'é'.matches('\\w') => false
        'é'.matches('\\pL') => true
        'a1_'.matches('^[[:word:]]+$') => true
        'a-b'.matches('^[a\\-b]+$') => true
        'a.b'.matches('\\Qa.b\\E') => true
        'axb'.matches('\\Qa.b\\E') => false
        'ab'.matches('(?P<first>a)b') => true
        'a'.matches(dyn('(')) => error: error parsing regexp: Invalid pattern '(' at offset 1. Not enough )'s.
        'abc 123 def 456'.find('[0-9]+') => '123'
        'abc'.find('[0-9]+') => ''
        'abc 123 def 456'.findAll('[0-9]+') => ['123', '456']
        'abc 123 def 456'.findAll('[0-9]+', 1) => ['123']
        'abc'.findAll('[0-9]') => []
        """;

    private const string Lists = """
        [1, 2, 2].isSorted() => true
        [2, 1].isSorted() => false
        ['a', 'b'].isSorted() => true
        [].isSorted() => true
        [1, 2, 3].sum() => 6
        [1.5, 2.5].sum() => 4.0
        [1u, 2u].sum() => 3u
        [duration('1m'), duration('1s')].sum() => duration('61s')
        [9223372036854775807, 1].sum() => error: integer overflow
        [3, 1, 2].min() => 1
        [3, 1, 2].max() => 3
        ['b', 'a'].min() => 'a'
        [].min() => error: min called on empty list
        [1, 2, 1].indexOf(1) => 0
        [1, 2, 1].lastIndexOf(1) => 2
        [1].indexOf(5) => -1
        [1, 2, 3, 4].slice(1, 3) => [2, 3]
        [1, 2].slice(0, 3) => error: cannot slice(0, 3), list is length 2
        [1, 2].slice(-1, 1) => error: cannot slice(-1, 1), negative indexes not supported
        [1, 2].slice(2, 1) => error: cannot slice(2, 1), start index must be less than or equal to end index
        [[1], [2, 3]].flatten() => [1, 2, 3]
        [[[1]], [[2]]].flatten(2) => [1, 2]
        [3, 1, 2].sort() => [1, 2, 3]
        ['b', 'a'].sort() => ['a', 'b']
        ['aaa', 'b', 'cc'].sortBy(s, s.size()) => ['b', 'cc', 'aaa']
        [1, 2, 3].reverse() => [3, 2, 1]
        [1, 2, 1, 3, 2].distinct() => [1, 2, 3]
        [1, 2].first() => optional.of(1)
        [].last() => optional.none()
        lists.range(3) => [0, 1, 2]
        sets.contains([1, 2, 3], [1, 2]) => true
        sets.contains([1], [1, 2]) => false
        sets.equivalent([1, 2, 2], [2, 1]) => true
        sets.equivalent([1, 2], [2]) => false
        sets.intersects([1, 2], [2, 3]) => true
        sets.intersects([1], []) => false
        """;

    private const string Optionals = """
        optional.of(1) => optional.of(1)
        optional.none() => optional.none()
        optional.of(1).hasValue() => true
        optional.none().hasValue() => false
        optional.of(1).value() => 1
        optional.none().value() => error: optional.none() dereference
        optional.ofNonZeroValue('') => optional.none()
        optional.ofNonZeroValue('a') => optional.of('a')
        optional.ofNonZeroValue([]) => optional.none()
        optional.ofNonZeroValue(0) => optional.none()
        optional.of(1).or(optional.of(2)) => optional.of(1)
        optional.none().or(optional.of(2)) => optional.of(2)
        optional.of(1).orValue(2) => 1
        optional.none().orValue(2) => 2
        optional.of(1).orValue(1 / 0) => 1
        {'a': 1}.?a => optional.of(1)
        {'a': 1}.?b => optional.none()
        {'a': {'b': 1}}.?a.b => optional.of(1)
        {'a': {'b': 1}}.?x.b => optional.none()
        {'a': {'b': 1}}.?a.?c => optional.none()
        {'a': 1}.?a.orValue(2) => 1
        {'a': 1}[?'b'].orValue(2) => 2
        [1, 2][?0] => optional.of(1)
        [1, 2][?5] => optional.none()
        {'a': [1]}.?a[0] => optional.of(1)
        {'a': [1]}.?a[1] => optional.none()
        [1, ?optional.none(), ?optional.of(3)] => [1, 3]
        {'a': 1, ?'b': optional.none(), ?'c': optional.of(3)} => {'a': 1, 'c': 3}
        optional.of(2).optMap(x, x * 2) => optional.of(4)
        optional.none().optMap(x, x) => optional.none()
        optional.of([1, 2]).optFlatMap(l, l[?0]) => optional.of(1)
        optional.unwrap([optional.of(1), optional.none()]) => [1]
        [optional.of(1), optional.none()].unwrapOpt() => [1]
        optional.of(1) == optional.of(1) => true
        optional.of(1) == optional.of(2) => false
        optional.none() == optional.none() => true
        has({'a': {'b': 1}}.?a.b) => true
        has({'a': {'b': 1}}.?x.b) => false
        has({'a': 1}.?a) => refused: invalid argument to has() macro
        """;

    private const string Kubernetes = """
        # quantities
        isQuantity('1.3Gi') => true
        isQuantity('1.3GiB') => false
        isQuantity('') => false
        quantity('500m') => 500m
        quantity('1000m') => 1
        quantity('0.5') => 500m
        quantity('1.5Gi') => 1536Mi
        quantity('1024Mi') => 1Gi
        quantity('1e3') => 1e3
        quantity('12e6') => 12e6
        quantity('0') => 0
        quantity('-1.5k') => -1500
        quantity('0.1n') => 1n
        quantity('200M').compareTo(quantity('0.2G')) => 0
        quantity('50Mi').isGreaterThan(quantity('50M')) => true
        quantity('50M').isLessThan(quantity('50Mi')) => true
        quantity('1Gi') == quantity('1024Mi') => true
        quantity('1').add(quantity('500m')) => 1500m
        quantity('1').sub(2) => -1
        sign(quantity('-5')) => -1
        quantity('500m').isInteger() => false
        quantity('2k').asInteger() => 2000
        quantity('500m').asInteger() => error: cannot convert value to integer
        quantity('1500m').asApproximateFloat() => 1.5
        quantity(dyn('x')) => error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
        quantity(dyn('1Xi')) => error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
        quantity(dyn('1GG')) => error: unable to parse quantity's suffix
        # URLs
        isURL('https://example.com:443/path?a=b') => true
        isURL('/path') => true
        isURL('example.com') => false
        isURL('') => false
        url('https://user@example.com:8080/a%20b?k=v&k=w&e=#f').getScheme() => 'https'
        url('https://user@example.com:8080/a%20b').getHost() => 'example.com:8080'
        url('https://example.com:8080/').getHostname() => 'example.com'
        url('https://[::1]:80/').getHostname() => '::1'
        url('https://[::1]:80/').getHost() => '[::1]:80'
        url('https://example.com').getPort() => ''
        url('https://example.com:80/').getPort() => '80'
        url('https://example.com/a%20b/').getEscapedPath() => '/a%20b/'
        url('https://example.com/?k=v&k=w&x=a%20b').getQuery() => {'k': ['v', 'w'], 'x': ['a b']}
        url('/a') == url('/a') => true
        # IP addresses
        isIP('127.0.0.1') => true
        isIP('::1') => true
        isIP('127.0.0.256') => false
        isIP('127.0.0.01') => false
        isIP('::ffff:1.2.3.4') => false
        isIP('fe80::1%eth0') => false
        ip('127.0.0.1').family() => 4
        ip('::1').family() => 6
        ip('127.0.0.1').isLoopback() => true
        ip('10.0.0.1').isGlobalUnicast() => true
        ip('0.0.0.0').isUnspecified() => true
        ip('224.0.0.1').isLinkLocalMulticast() => true
        ip('169.254.1.1').isLinkLocalUnicast() => true
        ip.isCanonical('2001:DB8::1') => false
        ip.isCanonical('2001:db8::1') => true
        string(ip('2001:0db8::1')) => '2001:db8::1'
        ip('1.2.3.4') == ip('1.2.3.4') => true
        type(ip('1.2.3.4')) == net.IP => true
        ip(dyn('x')) => error: IP Address "x" parse error during conversion from string: ParseAddr("x"): unable to parse IP
        isCIDR('10.0.0.0/8') => true
        isCIDR('10.0.0.0/33') => false
        isCIDR('10.0.0.0') => false
        cidr('10.0.0.0/8').containsIP('10.1.2.3') => true
        cidr('10.0.0.0/8').containsIP(ip('11.0.0.1')) => false
        cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') => true
        cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8')) => false
        cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') => true
        cidr('10.1.2.3/8').prefixLength() => 8
        cidr('2001:db8::/32').ip().family() => 6
        string(cidr('10.1.2.3/8')) => '10.1.2.3/8'
        # formats
        format.dns1123Label().validate('my-name') => optional.none()
        format.dns1123Label().validate('My-Name').hasValue() => true
        format.named('dns1123Label').value().validate('a.b').value() => ['must not contain dots']
        format.named('nope').hasValue() => false
        format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue() => false
        format.date().validate('2026-02-30').value() => ['invalid date']
        format.datetime().validate('2026-01-01T00:00:00Z').hasValue() => false
        format.byte().validate('aGVsbG8=').hasValue() => false
        format.labelValue().validate('').hasValue() => false
        format.qualifiedName().validate('a/b/c').hasValue() => true
        format.dns1123LabelPrefix().validate('my-').hasValue() => false
        # versions
        semver('1.2.3').isLessThan(semver('1.10.0')) => true
        semver('1.0.0-alpha.1').compareTo(semver('1.0.0')) => -1
        semver('1.0.0-alpha.2').compareTo(semver('1.0.0-alpha.10')) => -1
        semver('1.2.3').major() => 1
        isSemver('1.2') => false
        isSemver('v1.2', true) => true
        semver('v01.2', true).minor() => 2
        """;

    private const string Refusals = """
        1 + 'a' => refused: found no matching overload for '_+_' applied to '(int, string)'
        'a'.foo() => refused: undeclared reference to 'foo' (in container '')
        foo(1) => refused: undeclared reference to 'foo' (in container '')
        x => refused: undeclared reference to 'x' (in container '')
        x.y.z => refused: undeclared reference to 'x' (in container '')
        1 == 'a' => refused: found no matching overload for '_==_' applied to '(int, string)'
        [1, 'a'] => refused: expected type 'int' but found 'string'
        {'a': 1, 'b': 'x'} => refused: expected type 'int' but found 'string'
        1 && true => refused: expected type 'bool' but found 'int'
        'a' ? 1 : 2 => refused: found no matching overload for '_?_:_' applied to '(string, int, int)'
        (1).all(x, true) => refused: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)
        [1].all(x, x) => refused: expected type 'bool' but found 'int'
        [1].map(1, 2) => refused: argument is not an identifier
        [1].all(x.y, true) => refused: argument must be a simple name
        has(1) => refused: invalid argument to has() macro
        'a'.size(1) => refused: found no matching overload for 'size' applied to 'string.(int)'
        (1).a => refused: type 'int' does not support field selection
        size(1) => refused: found no matching overload for 'size' applied to '(int)'
        'a'.matches('(') => refused: invalid matches argument
        'a'.matches('a(?=b)') => refused: invalid matches argument
        duration('1 hour') => refused: invalid duration argument
        timestamp('yesterday') => refused: invalid timestamp argument
        1 = 2 => refused: Syntax error: token recognition error at: '= '
        1 + => refused: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}
        (1 => refused: Syntax error: mismatched input '<EOF>' expecting ')'
        1 2 => refused: Syntax error: mismatched input '2' expecting <EOF>
        'abc => refused: Syntax error: token recognition error at: ''abc'
        for => refused: reserved identifier: for
        a.b{c: 1} => refused: undeclared reference to 'a.b' (in container '')
        a.b{c: 1, ?d: optional.of(2)}.c => refused: undeclared reference to 'a.b' (in container '')
        a.b{1: 1} => refused: Syntax error: mismatched input '1' expecting IDENTIFIER
        optional.of(1) + 1 => refused: found no matching overload for '_+_' applied to '(optional_type(int), int)'
        [1, ?2] => refused: expected type 'optional_type(int)' but found 'int'
        """;
}
