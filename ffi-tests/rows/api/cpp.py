"""Prints every public name of the C++ header, one a line, out of what doxygen wrote as XML into a folder.

    cpp.py FOLDER

A class of `peerage::detail` is not public, but what it hands on to a public class that derives from it is;
so those are printed too.
"""

import glob
import re
import sys
import xml.etree.ElementTree as xml

# Those of a member that are said of it elsewhere, or change nothing for its user.
LEFT_OUT = ("static", "virtual", "explicit", "friend", "constexpr", "inline", "typedef")


def text(node):
    """All that a node has in it, links among it, on one line."""
    said = "" if node is None else " ".join("".join(node.itertext()).split())
    # Versions of doxygen differ in where they put spaces.
    return re.sub(r"\s+(?=[>)&*])|(?<=[<(])\s+", "", said)


def template(node):
    """`template <class T, int N = 1>`, or nothing."""
    params = node.find("templateparamlist")
    if params is None:
        return ""
    each = []
    for param in params:
        name, default = text(param.find("declname")), text(param.find("defval"))
        each.append(" ".join(filter(None, [text(param.find("type")), name, default and f"= {default}"])))
    return f"template <{', '.join(each)}>"


def enum(member, whole):
    yield f"enum class {whole} : {text(member.find('type'))}"
    for value in member.findall("enumvalue"):
        yield f"{whole}::{text(value.find('name'))} {text(value.find('initializer'))}"


def declared(member, whole, place):
    """One member. A field has its place, because a list in braces goes by it."""
    kind = member.get("kind")
    words = [template(member)] + [kind] * (kind in ("friend", "typedef"))
    words += ["static"] * (member.get("static") == "yes")
    words += ["virtual"] * (member.get("virt") in ("virtual", "pure-virtual"))
    words += ["explicit"] * (member.get("explicit") == "yes")
    words += [word for word in text(member.find("type")).split() if word not in LEFT_OUT]
    args = re.sub(r" ?= ?", "=", text(member.find("argsstring")))
    if kind == "variable":
        args = f" {text(member.find('initializer'))} [{place}]"
    return " ".join([*filter(None, words), whole + args])


def bases(compound):
    for base in compound.findall("basecompoundref"):
        if base.get("prot") == "public":
            yield text(base)


def printed(name, compound):
    if compound.get("kind") != "namespace":
        handed = ", ".join(bases(compound))
        head = " ".join(filter(None, [template(compound), compound.get("kind"), name]))
        yield head + (f" : {handed}" if handed else "")
    members = [member for section in compound.findall("sectiondef") for member in section.findall("memberdef")
               if member.get("prot") != "private"]
    for place, member in enumerate(members):
        whole = f"{name}::{text(member.find('name'))}"
        if member.get("kind") == "enum":
            yield from enum(member, whole)
        else:
            fields = [one for one in members[:place] if one.get("kind") == "variable"]
            yield declared(member, whole, len(fields))


def main(folder):
    compounds = {}
    for path in sorted(glob.glob(f"{folder}/*.xml")):
        for compound in xml.parse(path).getroot().findall("compounddef"):
            if compound.get("kind") in ("class", "struct", "namespace"):
                compounds[text(compound.find("compoundname"))] = compound

    shown = {name for name in compounds if name.startswith("peerage") and "detail" not in name}
    todo = list(shown)
    while todo:
        for base in bases(compounds[todo.pop()]):
            base = base.split("<")[0]
            if base in compounds and base not in shown:
                shown.add(base)
                todo.append(base)
    for name in shown:
        print(*printed(name, compounds[name]), sep="\n")


main(sys.argv[1])
