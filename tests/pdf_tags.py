"""What PDF/UA-1 asks of a file that a machine can see, as sentences; none when all is well.

ISO 14289-1: 7.1 (tagged, title shown, all content marked), 7.2 (language), 7.3 (alternative texts), 7.4 (headings
without gaps), 7.5 (heads of tables), 7.18 (annotations described, tab order), and 5 (what the file says it is).
"""

import io

import pikepdf

PAINTS = {"Tj", "TJ", "f", "f*", "S", "s", "B", "B*", "b", "Do", "sh"}


def faults(content: bytes) -> list[str]:
    found: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as file:
        root = file.Root
        with file.open_metadata() as metadata:
            if metadata.get("pdfuaid:part") != "1":
                found.append("does not say that it is PDF/UA-1")
            if not metadata.get("dc:title"):
                found.append("no title")
        if not root.get("/Lang"):
            found.append("no language")
        if not root.get("/MarkInfo", {}).get("/Marked"):
            found.append("not marked as tagged")
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
            found.append("the title is not shown")
        if "/Outlines" not in root:
            found.append("no bookmarks")
        if "/StructTreeRoot" not in root:
            return [*found, "no tree of tags"]
        tags: list[pikepdf.Dictionary] = []
        _collect(root.StructTreeRoot.K, tags)
        names = [str(tag.S) for tag in tags]
        found += [
            f"{tag.S} without alternative text" for tag in tags if tag.S == "/Figure" and not tag.get("/Alt")
        ]
        level = 0
        for name in names:
            if name[:2] == "/H" and name[2:].isdigit():
                if int(name[2:]) > level + 1:
                    found.append(f"heading {name} follows level {level}")
                level = int(name[2:])
        if names.count("/H1") != 1:
            found.append("not one heading of the first level")
        if names.count("/Table") != names.count("/THead"):
            found.append("a table without a head")
        for number, page in enumerate(file.pages, start=1):
            if page.obj.get("/Tabs") != "/S":
                found.append(f"page {number}: tab order is not that of the tags")
            for annotation in page.obj.get("/Annots", []):
                if "/Contents" not in annotation or "/StructParent" not in annotation:
                    found.append(f"page {number}: a link without description or tag")
            if _unmarked(page):
                found.append(f"page {number}: painted without a tag")
    return found


def _collect(node: pikepdf.Object, tags: list[pikepdf.Dictionary]) -> None:
    if isinstance(node, pikepdf.Array):
        for child in node:
            _collect(child, tags)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        tags.append(node)
        if "/K" in node:
            _collect(node.K, tags)


def _unmarked(page: pikepdf.Page) -> bool:
    depth = 0
    for _operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in {"BDC", "BMC"}:
            depth += 1
        elif str(operator) == "EMC":
            depth -= 1
        elif str(operator) in PAINTS and not depth:
            return True
    return False
