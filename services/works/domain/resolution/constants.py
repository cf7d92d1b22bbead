"""The model's numbers, in one place. `bzpeer bench identity --fit` prints those that were fitted anew."""

JOIN_AT = 0.7
"""A signature joins a record when the chance that they are one person is at least this."""
MERGE_AT = 0.8
"""From scratch, two groups of signatures become one at this chance."""
AHEAD = 0.05
"""So much more likely than the next best record the best one must be, or neither is taken."""

STOP_TOKENS = frozenset(
    (
        "academy", "and", "center", "centre", "china", "college", "computer", "department", "dept", "der",
        "des", "division", "email", "engineering", "faculty", "for", "group", "health", "hospital", "inc",
        "inst", "institut", "institute", "institutes", "institution", "key", "lab", "laboratory", "ltd",
        "medical", "medicine", "national", "people", "physics", "republic", "research", "school", "science",
        "sciences", "state", "technical", "technology", "the", "und", "univ", "universidad", "universita",
        "universitat", "universite", "university", "usa",
    )
)  # fmt: skip
"""Words of affiliations that say little about which institution it is."""

COMMON_FAMILIES = frozenset(
    (
        "cao", "chan", "chang", "chen", "cheng", "choi", "chung", "cui", "das", "deng", "ding", "dong", "du",
        "fan", "feng", "fu", "gao", "gong", "guo", "gupta", "han", "he", "ho", "hong", "hu", "huang", "hwang",
        "jang", "jia", "jiang", "jin", "jung", "kang", "kim", "kumar", "kwon", "lai", "lee", "lei", "li",
        "liang", "lim", "lin", "ling", "liu", "lu", "luo", "ma", "nguyen", "pan", "park", "patel", "peng",
        "pham", "qian", "qin", "ren", "shah", "sharma", "shen", "shi", "singh", "song", "sun", "tan", "tang",
        "tian", "tran", "tsai", "wang", "wei", "wen", "wong", "wu", "xie", "xu", "xue", "yan", "yang", "yao",
        "ye", "yin", "yu", "yuan", "zeng", "zhang", "zhao", "zheng", "zhou", "zhu",
    )
)  # fmt: skip
"""Family names that so many people have that the name says little."""
