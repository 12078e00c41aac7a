"""Models, rules and requests, at random but repeatable: only such as both sides read alike.

What PyPI casbin reads otherwise is in the decision page "Where rules differ from Casbin", and is not generated.
"""

import random

ALLOW = "some(where (p.eft == allow))"
DENY = "!some(where (p.eft == deny))"
BOTH = "some(where (p.eft == allow)) && !some(where (p.eft == deny))"
PRIORITY = "priority(p.eft) || deny"

PLAIN = ["/a", "/a/b", "/a/7", "/x", "/a/7/c/7"]
PATTERNS = {
    "keyMatch": ["/a*", "/*", "*", "/a/*", "/a/7*"],
    "keyMatch2": ["/a/*", "/:x", "/a/:x", "/:x/:y", "/a/:x/c/*", "/a/:x/c/:y", "*"],
    "keyMatch3": ["/a/*", "/{x}", "/a/{x}", "/a/{x}/c/{y}", "/a/p_{x}"],
    "keyMatch4": ["/a/*", "/{x}", "/a/{x}/c/{x}", "/a/{x}/c/{y}", "/{x}/{x}"],
    "keyMatch5": ["/a/*", "/{x}", "/a/{x}", "/a/{x}/c/{y}", "/a/p_{x}"],
    "globMatch": ["/a/*", "/*", "/a/?", "/a/[0-9]", "/a/[!0-9]", "/?"],
    # Python looks at the beginning of the text only.
    "regexMatch": ["^/a", "^/a/[0-9]+$", "^.*(b|7)", "^/a/.$", "^/a/(b|7)$"],
}
OBJECTS = ["/a", "/a/b", "/a/7", "/x", "/a/7/c/7", "/a/7/c/8", "/a/", "/", "/a/p_9", "/a/7?q=/x", "a"]
ACTIONS = ["read", "write", "any", "share"]
CONDITIONS = [
    "r.sub.age > 18",
    "r.sub.age >= 18 && r.sub.age < 60",
    'r.sub.name == "alice" || r.obj.size < 10',
    "!(r.obj.size == 10)",
    "r.sub.age + r.obj.size > 40",
    "r.sub.age * 2 - 6 <= 30 && r.sub.age % 2 == 0",
    "r.obj.owner == r.sub.name",
    'r.sub.name in ["alice", "bob"]',
    "(r.sub.age - r.obj.size) * 3 >= 45 || !(r.sub.age < 60)",
]


def model(request, policy, roles, effect, matcher):
    roles = f"[role_definition]\n{roles}\n" if roles else ""
    return (
        f"[request_definition]\nr = {request}\n[policy_definition]\np = {policy}\n{roles}"
        f"[policy_effect]\ne = {effect}\n[matchers]\nm = {matcher}\n"
    )


class Case:
    """A model with its rules. Domains are those of `domains`, where there are any."""

    def __init__(self, seed, domains):
        self.chance = random.Random(seed)
        self.effect = self.chance.choice([ALLOW, DENY, BOTH, PRIORITY])
        self.attributes = self.chance.random() < 0.25
        self.domains = domains if not self.attributes and self.chance.random() < 0.33 else None
        rules = self.with_conditions() if self.attributes else self.with_roles()
        # Casbin keeps equal rows once, at the place of the first.
        self.rules = list(dict.fromkeys(rules))

    def with_conditions(self):
        of = self.chance.choice
        self.text = model("sub, obj, act", "rule, act, eft", "", self.effect, "eval(p.rule) && r.act == p.act")
        count = self.chance.randint(1, 5)
        return [("p", of(CONDITIONS), of(["read", "write"]), of(["allow", "allow", "deny"])) for _ in range(count)]

    def with_roles(self):
        of = self.chance.choice
        domain = ", r.dom" if self.domains else ""
        role = f"g(r.sub, p.sub{domain})"
        subject = of([role, role, "r.sub == p.sub", f'({role} || p.sub == "any")'])
        function = of([*PATTERNS, "=="])
        if function == "==":
            matches = "r.obj == p.obj"
        else:
            matches = of([f"{function}(r.obj, p.obj)", f"(r.obj == p.obj || {function}(r.obj, p.obj))"])
        action = of([
            "r.act == p.act",
            '(r.act == p.act || p.act == "any")',
            "regexMatch(r.act, p.act)",
            'r.act in ["read", "write"]',
            "r.act != p.act",
        ])
        terms = [subject, matches, action] + (["r.dom == p.dom"] if self.domains else [])
        self.chance.shuffle(terms)
        matcher = " && ".join(terms)
        matcher = of([
            matcher,
            matcher,
            f'{matcher} || r.sub == "u0" && r.act == p.act',
            f'({matcher}) && !(r.sub == "u1" && r.obj == "/a")',
            f'r.sub != "u2" && ({matcher})',
        ])
        request = "sub, dom, obj, act" if self.domains else "sub, obj, act"
        roles = "g = _, _, _" if self.domains else "g = _, _"
        self.text = model(request, f"{request}, eft", roles, self.effect, matcher)
        rules = []
        for _ in range(self.chance.randint(1, 12)):
            place = PATTERNS.get(function, PLAIN) if self.chance.random() < 0.67 else PLAIN
            verbs = ["^read$", "^(read|write)$", "^w.*e", "^any"] if "regex" in action else ["read", "write", "any"]
            values = [of(["u0", "u1", "u2", "r0", "r1", "r2", "any"])] + ([of(self.domains)] if self.domains else [])
            rules.append(("p", *values, of(place), of(verbs), of(["allow", "allow", "deny"])))
        for _ in range(self.chance.randint(0, 5)):
            # Roles lead upwards only: there are no cycles.
            lower = self.chance.randrange(5)
            upper = max(lower, 2) + self.chance.randint(1, 2)
            names = [f"u{number}" if number < 3 else f"r{number - 3}" for number in (lower, upper)]
            rules.append(("g", *names, *([of(self.domains)] if self.domains else [])))
        return rules

    def request(self):
        """Subject, resource and action; the first two with properties where the model asks for them."""
        of = self.chance.choice
        if self.attributes:
            subject = {"age": self.chance.randrange(70), "name": of(["alice", "bob", "carol"])}
            resource = {"size": self.chance.randrange(20), "owner": of(["alice", "bob"])}
            return subject, resource, of(["read", "write"])
        return of(["u0", "u1", "u2", "u3", "r0"]), of(OBJECTS), of(ACTIONS)
