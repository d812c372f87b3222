"""What the row `page` asks of a status page: check.py valid|wait|dom|many ARGUMENT..

  valid URL            the document has no error that a parser of HTML finds
  wait URL             returns when the servers of examples/status.rs are as they are meant to be
  dom FILE URL NAME..  FILE, the document as a browser has it, has the same as URL's JSON; each NAME is a
                       text in it, and has brought no element and no script
  many URL PEERS ROWS  prints how long a page takes and how long it is
"""

import json
import sys
import time
import urllib.request

import html5lib

SPACE = "{http://www.w3.org/1999/xhtml}"


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def choosers(url):
    return json.loads(fetch(url + "status.json"))["choosers"]


def need(holds, what):
    if not holds:
        sys.exit(f"{what}")


def valid(url):
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(fetch(url))
    need(not parser.errors, f"the document has errors: {parser.errors[:5]}")


def states(chooser):
    """Every reason why a peer of a chooser cannot be chosen."""
    return {reason for peer in chooser["peers"] for reason in peer["reasons"]}


def wait(url):
    wanted = {"not-connected", "ejected", "draining", "later-tier"}
    for _ in range(400):
        users, orders = choosers(url)[:2]
        if states(users) | states(orders) == wanted and orders["source"]["error"]:
            return
        time.sleep(0.05)
    sys.exit(f"after 20 s the reasons are {states(users)}, {states(orders)} and not {wanted}")


def many(url, peers, rows):
    """A page of a list of so many peers, of which so many have a row; the best of five."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        page = fetch(url)
        times.append(time.perf_counter() - began)
    more = int(peers) - int(rows)
    need(not more or f"and {more:,} more" in page, "the rows that are left out are not counted")
    need(page.count("<tr><th scope=row><bdi>10.") == int(rows), "there are other rows")
    print(f"a page with {int(rows):,} of {int(peers):,} peers: {len(page) // 1000} kB, {min(times) * 1000:.1f} ms")


def text(element):
    return " ".join("".join(element.itertext()).split())


def find(element, tag, **attributes):
    found = element.iter(SPACE + tag)
    return [it for it in found if all(it.get(k) == v for k, v in attributes.items())]


def number(shown):
    return int(shown.replace(",", ""))


def section_agrees(section, before, after):
    """The table of a chooser, against what its JSON was before and after the page was made."""
    name = after["name"]
    need(text(find(section, "h2")[0]).endswith(shown(name)), f"{name} is not the heading")
    head = [text(it) for it in find(find(section, "thead")[0], "th", scope="col")]
    for column in "Address", "State", "Since", "Pending", "Requests", "Errors":
        need(column in head, f"{name} has no column {column}")
    rows = [[text(it) for it in row] for row in find(find(section, "tbody")[0], "tr")]
    peers = {shown(peer["identifier"]): peer for peer in after["peers"]}
    earlier = {shown(peer["identifier"]): peer for peer in before["peers"]}
    need({row[0] for row in rows} == set(peers), f"{name} has other peers")
    for row in rows:
        now, then = peers[row[0]], earlier[row[0]]
        requests = number(row[head.index("Requests")])
        need(then["requests"] <= requests <= now["requests"], f"{row[0]} has {requests} requests")
        if now["reasons"] == then["reasons"] == ["draining"]:
            need("draining" in row[1], f"{row[0]} is {row[1]}")
        if now["reasons"] == then["reasons"] == ["not-connected"]:
            need("unavailable" in row[1], f"{row[0]} is {row[1]}")
    # What does not serve comes first, what stands by last.
    order = ["unavailable", "connecting", "ejected", "draining", "available", "in a later tier"]
    places = [min(n for n, word in enumerate(order) if word in row[1]) for row in rows]
    need(places == sorted(places), f"{name} is in the order {[row[1] for row in rows]}")
    foot = [text(it) for it in list(find(find(section, "tfoot")[0], "tr")[-1])]
    need(foot[0] == f"{len(rows)} peer" + ("s" if len(rows) != 1 else ""), f"{name} counts {foot[0]}")


def shown(name):
    """A name as the page has it: what cannot be seen is escaped."""
    return name.replace("\u202e", "\\u{202e}")


def dom(file, url, *names):
    after = choosers(url)
    with open(file + ".json", encoding="utf-8") as before:
        before = json.load(before)["choosers"]
    with open(file, encoding="utf-8") as page:
        root = html5lib.parse(page.read(), treebuilder="etree")
    need(text(find(root, "title")[0]) == "shop on web-1", "something has set the title")
    for tag in "img", "script", "b1":
        need(not find(root, tag), f"the page has an element {tag}")
    sections = find(root, "section")
    need(len(sections) == len(after), f"{len(sections)} sections of {len(after)} choosers")
    for section, *both in zip(sections, before, after):
        section_agrees(section, *both)
    addresses = [text(it) for it in find(root, "th", scope="row")]
    for name in names:
        need(shown(name) in addresses, f"{name!r} is not an address: {addresses}")
    error = after[1]["source"]["error"]
    need(any(error in text(it) for it in find(root, "p")), "the source's error is not on the page")


if __name__ == "__main__":
    {"valid": valid, "wait": wait, "dom": dom, "many": many}[sys.argv[1]](*sys.argv[2:])
